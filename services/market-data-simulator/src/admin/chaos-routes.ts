import { SIMULATED_SOURCES } from "@tse/market-model";
import { formatTime, type HttpHost, Problem, validationFailed } from "@tse/service-kit";
import { fieldErrors } from "@tse/service-kit/schema";
import { z } from "zod";
import { symbolNamed } from "../api/price-routes.ts";
import type { Effect } from "../faults/effects.ts";
import type { Fault } from "../faults/fault.ts";
import { definition } from "../scenarios/definitions.ts";
import {
  type FaultDeps,
  lengthOf,
  namesOf,
  refuseTooMany,
  refuseWhenDisabled,
  renderFault,
  unknownFault,
} from "./fault-routes.ts";
import {
  beginScenario,
  beginScenarioAction,
  renderRun,
  type ScenarioDeps,
} from "./scenario-routes.ts";
import { watchedSymbols } from "./source-routes.ts";

const tags = ["Chaos"];

const parameters = z.record(z.string(), z.unknown()).default({});
const actionPath = z.strictObject({ action: z.string().min(1).max(64) });
const namedAction = z.strictObject({ action: z.string().min(1).max(64), parameters });
const idPath = z.strictObject({ scenarioId: z.string().min(1).max(64) });

const disruption = z
  .strictObject({
    /** The published ticks, or the quotes of a source. */
    source: z.enum(["feed", ...SIMULATED_SOURCES.map(({ name }) => name)]),
    packet_loss_percentage: z.number().min(0).max(100).default(0),
    latency_ms: z.number().min(0).max(60_000).default(0),
    duration_seconds: z.number().gt(0).max(172_800).optional(),
    affect_symbols: z.array(z.string()).min(1).optional(),
    seed: z.string().min(1).max(64).optional(),
  })
  .refine((given) => given.packet_loss_percentage > 0 || given.latency_ms > 0, {
    path: ["packet_loss_percentage"],
    params: { rule: "min" },
    message: "or latency_ms is above 0: without both nothing would be disrupted",
  });

type Disruption = z.infer<typeof disruption>;
type Given = Readonly<Record<string, unknown>>;
type Action = (deps: ChaosDeps, given: Given) => ReturnType<typeof renderBegun>;

/** What the listener does by name, besides the scenarios. */
const ACTIONS: ReadonlyMap<string, Action> = new Map([["feed-disruption", disrupt]]);
const CLEAR_ALL = "clear-all-chaos";
const nothing = z.strictObject({});

export type ChaosDeps = FaultDeps & ScenarioDeps;

/** Faults of the feed and scenarios of the market as chaos actions. Names exist with `-` in paths and with `_` elsewhere. */
export function chaosRoutes(app: HttpHost, deps: ChaosDeps): void {
  const { faults, scenarios } = deps;
  app.post("/chaos/actions", { schema: { tags, body: namedAction } }, async ({ body }, reply) => {
    const done = act(deps, body.action, body.parameters);
    if (done === undefined) {
      throw validationFailed([{ field: "action", rule: "one_of", message: "names no action" }]);
    }
    return reply.code(done.status).send(done.body);
  });
  app.post(
    "/chaos/:action",
    { schema: { tags, params: actionPath, body: parameters } },
    async ({ params, body }, reply) => {
      const done = act(deps, params.action, body);
      if (done === undefined) throw unknownAction();
      return reply.code(done.status).send(done.body);
    },
  );
  app.get("/chaos/active-scenarios", { schema: { tags } }, async () => ({
    scenarios: [...faults.active.map(renderScenario), ...running(deps)],
  }));
  app.get("/chaos/status", { schema: { tags } }, async () => ({
    enabled: faults.enabled,
    active: faults.active.length + running(deps).length,
  }));
  app.delete("/chaos/clear-all", { schema: { tags } }, async () => {
    refuseWhenDisabled(faults);
    return clearAll(deps);
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

/** @returns `undefined` for a name that is no action's. @throws Problem */
function act(deps: ChaosDeps, name: string, given: Given) {
  refuseWhenDisabled(deps.faults);
  const path = name.replaceAll("_", "-");
  if (path === CLEAR_ALL) {
    parametersOf(nothing, given);
    return { status: 200, body: clearAll(deps) } as const;
  }
  const action = ACTIONS.get(path);
  const body = action ? action(deps, given) : beginScenarioAction(path, given, deps);
  return body && ({ status: 201, body } as const);
}

/** @throws Problem `validation_failed` */
function parametersOf<Parameters>(schema: z.ZodType<Parameters>, given: Given): Parameters {
  const parsed = schema.safeParse(given, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw validationFailed(fieldErrors(parsed.error.issues, "parameters"));
}

function running({ feed }: ChaosDeps) {
  return feed.scenarios.running().map(({ start, startedAt }) => renderRun(start, startedAt));
}

/** Prices go on from where they are. */
function clearAll(deps: ChaosDeps) {
  const ended = [...deps.faults.endAll().map(renderScenario), ...running(deps)];
  deps.scenarios.clear();
  return { ended };
}

/** Loses and delays the ticks of the feed on their way to subscribers, or the quotes of a source before it. */
function disrupt(deps: ChaosDeps, given: Given): ReturnType<typeof renderBegun> {
  const wish = parametersOf(disruption, given);
  const { source, affect_symbols } = wish;
  if (source === "feed") return renderBegun(disruptFeed(deps, wish));
  const fields = { symbols: "affect_symbols", source: "source" };
  const symbols = watchedSymbols(deps.feed, affect_symbols, fields);
  return beginSourceDisruption(deps, wish, symbols);
}

function disruptFeed({ feed, faults }: FaultDeps, given: Disruption): Fault {
  const { packet_loss_percentage: loss, latency_ms, affect_symbols, seed } = given;
  refuseTooMany(faults);
  const drop: Effect[] = loss > 0 ? [{ name: "drop", probability: loss / 100 }] : [];
  const late: Effect[] = latency_ms > 0 ? [{ name: "latency", latency_ms, jitter_ms: 0 }] : [];
  return faults.begin({
    action: "feed-disruption",
    effects: [...drop, ...late],
    target: { symbols: namesOf(feed, affect_symbols, "affect_symbols") },
    length: lengthOf(given.duration_seconds),
    seed,
  });
}

/** A scenario, so that it is made again by a restart: it lies before the prices, not behind them. */
function beginSourceDisruption(deps: ChaosDeps, given: Disruption, symbols: readonly string[]) {
  const { source, packet_loss_percentage, latency_ms, seed } = given;
  const length = lengthOf(given.duration_seconds) ?? deps.faults.defaultLength;
  const assets = symbols.map((symbol) => symbolNamed(deps.feed, symbol).base);
  const common = { on: "feed", assets, source, at: 0, lasts: length } as const;
  const effects = [
    { ...common, fault: "loss", size: packet_loss_percentage / 100 },
    { ...common, fault: "latency", size: latency_ms * 1_000 },
  ] as const;
  const named = {
    name: "feed_disruption",
    kind: "feed_disruption",
    title: `Disruption of ${source}`,
  } as const;
  const wish = { definition: definition(named, length, effects), ...(seed && { seed }) };
  return beginScenario(wish, deps);
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
