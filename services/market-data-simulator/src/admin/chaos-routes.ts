import { formatTime, type HttpHost, Problem, validationFailed } from "@tse/service-kit";
import { fieldErrors } from "@tse/service-kit/schema";
import { z } from "zod";
import type { Effect } from "../faults/effects.ts";
import type { Fault } from "../faults/fault.ts";
import {
  type FaultDeps,
  lengthOf,
  namesOf,
  refuseWhenDisabled,
  renderFault,
  unknownFault,
} from "./fault-routes.ts";
import { beginScenarioAction, renderRun, type ScenarioDeps } from "./scenario-routes.ts";

const tags = ["Chaos"];

const parameters = z.record(z.string(), z.unknown()).default({});
const actionPath = z.strictObject({ action: z.string().min(1).max(64) });
const namedAction = z.strictObject({ action: z.string().min(1).max(64), parameters });
const idPath = z.strictObject({ scenarioId: z.string().min(1).max(64) });

const disruption = z.strictObject({
  source: z.literal("feed"),
  packet_loss_percentage: z.number().min(0).max(100).default(0),
  latency_ms: z.number().min(0).max(60_000).default(0),
  duration_seconds: z.number().gt(0).max(172_800).optional(),
  affect_symbols: z.array(z.string()).min(1).optional(),
  seed: z.string().min(1).max(64).optional(),
});

type Action = (deps: FaultDeps, given: Readonly<Record<string, unknown>>) => Fault;

/** What the listener does by name; more actions are added here. */
const ACTIONS: Readonly<Record<string, Action>> = { "feed-disruption": disruptFeed };

export type ChaosDeps = FaultDeps & ScenarioDeps;

/** Faults of the feed and scenarios of the market as chaos actions. Names exist with `-` in paths and with `_` elsewhere. */
export function chaosRoutes(app: HttpHost, deps: ChaosDeps): void {
  const { faults, feed, scenarios } = deps;
  const begin = (name: string, given: Readonly<Record<string, unknown>>) => {
    refuseWhenDisabled(faults);
    const path = name.replaceAll("_", "-");
    const action = ACTIONS[path];
    if (action === undefined) return beginScenarioAction(path, given, deps);
    return renderBegun(action(deps, given));
  };
  const running = () =>
    feed.scenarios.running().map(({ start, startedAt }) => renderRun(start, startedAt));
  app.post("/chaos/actions", { schema: { tags, body: namedAction } }, async ({ body }, reply) => {
    const begun = begin(body.action, body.parameters);
    if (begun === undefined) {
      throw validationFailed([{ field: "action", rule: "one_of", message: "names no action" }]);
    }
    return reply.code(201).send(begun);
  });
  app.post(
    "/chaos/:action",
    { schema: { tags, params: actionPath, body: parameters } },
    async ({ params, body }, reply) => {
      const begun = begin(params.action, body as Readonly<Record<string, unknown>>);
      if (begun === undefined) throw unknownAction();
      return reply.code(201).send(begun);
    },
  );
  app.get("/chaos/active-scenarios", { schema: { tags } }, async () => ({
    scenarios: [...faults.active.map(renderScenario), ...running()],
  }));
  app.get("/chaos/status", { schema: { tags } }, async () => ({
    enabled: faults.enabled,
    active: faults.active.length + running().length,
  }));
  app.delete("/chaos/clear-all", { schema: { tags } }, async () => {
    refuseWhenDisabled(faults);
    const ended = [...faults.endAll().map(renderScenario), ...running()];
    scenarios.clear();
    return { ended };
  });
  app.delete(
    "/chaos/stop-scenario/:scenarioId",
    { schema: { tags, params: idPath } },
    async ({ params }) => {
      refuseWhenDisabled(faults);
      const ended = faults.end(params.scenarioId);
      if (ended !== undefined) return renderScenario(ended);
      if (!scenarios.stop(params.scenarioId)) throw unknownFault();
      return { scenario_id: params.scenarioId };
    },
  );
}

/** Loses and delays the ticks of the feed on their way to subscribers. */
function disruptFeed({ feed, faults }: FaultDeps, given: Readonly<Record<string, unknown>>): Fault {
  const parsed = disruption.safeParse(given, { reportInput: true });
  if (!parsed.success) throw validationFailed(fieldErrors(parsed.error.issues, "parameters"));
  const { packet_loss_percentage: loss, latency_ms, affect_symbols, seed } = parsed.data;
  const drop: Effect[] = loss > 0 ? [{ name: "drop", probability: loss / 100 }] : [];
  const late: Effect[] = latency_ms > 0 ? [{ name: "latency", latency_ms, jitter_ms: 0 }] : [];
  return faults.begin({
    action: "feed-disruption",
    effects: [...drop, ...late],
    target: { symbols: namesOf(feed, affect_symbols, "affect_symbols") },
    length: lengthOf(parsed.data.duration_seconds),
    seed,
  });
}

function renderBegun({ id, startedAt, endsAt, seed }: Fault) {
  return { scenario_id: id, starts_at: formatTime(startedAt), ends_at: formatTime(endsAt), seed };
}

function renderScenario(fault: Fault) {
  const { fault_id: scenario_id, ...rest } = renderFault(fault);
  return { scenario_id, ...rest };
}

function unknownAction(): Problem {
  return new Problem({ status: 404, code: "not_found", title: "There is no such chaos action" });
}
