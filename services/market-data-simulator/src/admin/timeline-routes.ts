import { type Timestamp, timestamp } from "@tse/domain";
import type { MarketDataAdapter, ScenarioRun, ScenarioState } from "@tse/market-data-adapter";
import type { BoardState } from "@tse/market-model";
import { formatTime, type HttpHost } from "@tse/service-kit";
import { StorageError } from "@tse/storage";
import type { Feed } from "../feed/feed.ts";
import { renderRun } from "./scenario-routes.ts";

export interface TimelineDeps {
  readonly feed: Feed;
  readonly repositories: Pick<MarketDataAdapter, "scenarioRunRepository">;
}

type Run = BoardState["runs"][number];

/** Scenarios of the past that are listed, the newest. */
const PAST_MAX = 100;
const ENDED = ["COMPLETED", "STOPPED"] as const;

const tags = ["Scenarios"];

/** What scenarios did, do, and are about to do, with their times. */
export function timelineRoutes(app: HttpHost, { feed, repositories }: TimelineDeps): void {
  app.get("/debug/scenario-timeline", { schema: { tags } }, async () => {
    const stored = await storedRuns(repositories);
    const { time } = feed;
    const { runs } = feed.scenarios.state();
    const running = runs.filter(({ ended }) => ended === undefined);
    return {
      time: formatTime(time),
      past: stored && pastOf(stored, runs),
      running: running.map((run) => ({ ...renderRun(run.start, run.startedAt), ...phasesOf(run) })),
      planned: running
        .flatMap((run) => comingOf(run, time))
        .sort((a, b) => a.at - b.at)
        .map(({ at, ...coming }) => ({ at: formatTime(at), ...coming })),
    };
  });
}

/** Those that ended, as far as they are stored; `null` while storage is away. */
async function storedRuns({
  scenarioRunRepository,
}: TimelineDeps["repositories"]): Promise<readonly ScenarioRun[] | null> {
  try {
    const { items } = await scenarioRunRepository.query({ state: ENDED, limit: PAST_MAX });
    return items;
  } catch (error) {
    if (error instanceof StorageError) return null;
    throw error;
  }
}

/** Rows, and what ended so lately that it is still being released; the last to end first. */
function pastOf(stored: readonly ScenarioRun[], runs: readonly Run[]) {
  const late = runs.filter(({ ended }) => ended !== undefined);
  const isLate = ({ parameters, startsAt }: ScenarioRun) =>
    late.some(({ start, startedAt }) => start.id === parameters.run && startedAt === startsAt);
  const rows = stored.filter((row) => !isLate(row)).map(renderRow);
  return [...late.map(renderEnded), ...rows]
    .sort((a, b) => b.at - a.at)
    .map(({ at, ...rest }) => ({ ...rest, ended_at: formatTime(at) }));
}

function renderEnded({ start, startedAt, ended }: Run) {
  const state: ScenarioState = ended?.reason === "completed" ? "COMPLETED" : "STOPPED";
  const at = ended?.at ?? startedAt;
  const planned = start.scenario.phases.map((phase) => ({
    name: phase.name,
    at: timestamp(startedAt + phase.at),
  }));
  return { ...renderRun(start, startedAt), state, at, phases: pastPhases(planned, at) };
}

function renderRow({ parameters, scenarioType, state, startsAt, endsAt, stoppedAt }: ScenarioRun) {
  const { run, name, seed, intensity, phases } = parameters;
  const at = stoppedAt ?? endsAt;
  return {
    scenario_id: run,
    starts_at: formatTime(startsAt),
    ends_at: formatTime(endsAt),
    seed,
    name,
    scenario_type: scenarioType,
    intensity: Number(intensity),
    state,
    at,
    phases: pastPhases(phases as unknown as readonly Planned[], at),
  };
}

interface Planned {
  readonly name: string;
  readonly at: Timestamp;
}

/** Phases of a run that ended at a time: some may never have begun. */
function pastPhases(phases: readonly Planned[], endedAt: Timestamp) {
  return phases.map(({ name, at }) => ({
    name,
    starts_at: formatTime(at),
    state: at <= endedAt ? "past" : "never",
  }));
}

function phasesOf({ start, startedAt, phases: begun }: Run) {
  const phases = start.scenario.phases.map(({ name, at }, index) => ({
    name,
    starts_at: formatTime(timestamp(startedAt + at)),
    state: index < begun - 1 ? "past" : index === begun - 1 ? "running" : "planned",
  }));
  return { phases };
}

interface Coming {
  readonly at: Timestamp;
  readonly scenario_id: string;
  readonly event: "phase" | "fault" | "end";
  /** Of the phase or the fault. */
  readonly name?: string;
}

/** What is still to come of a scenario that runs. */
function comingOf({ start, startedAt }: Run, now: Timestamp): Coming[] {
  const { id, scenario } = start;
  const phases = scenario.phases.map(({ name, at }) => ({ event: "phase", name, at }) as const);
  const faults = scenario.faults.map(
    ({ fault, at }) => ({ event: "fault", name: fault, at }) as const,
  );
  const all = [...phases, ...faults, { event: "end", at: scenario.duration } as const];
  return all
    .map(({ at, ...rest }) => ({ at: timestamp(startedAt + at), scenario_id: id, ...rest }))
    .filter(({ at }) => at > now);
}
