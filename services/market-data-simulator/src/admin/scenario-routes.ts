import { type Timestamp, timestamp } from "@tse/domain";
import type { ScenarioStart } from "@tse/market-model";
import { formatTime, type HttpHost, Problem, validationFailed } from "@tse/service-kit";
import { fieldErrors } from "@tse/service-kit/schema";
import { z } from "zod";
import { symbolNamed } from "../api/price-routes.ts";
import type { Feed } from "../feed/feed.ts";
import { PRICED_ASSETS, STABLECOINS } from "../feed/markets.ts";
import { UNIT_OF_ACCOUNT } from "../feed/symbol-terms.ts";
import type { ScenarioCatalogue } from "../scenarios/catalogue.ts";
import { readScenario } from "../scenarios/read-scenario.ts";
import {
  type Names,
  SCENARIO_ACTIONS,
  type ScenarioActionName,
  type ScenarioWish,
} from "../scenarios/scenario-actions.ts";
import type { Scenarios, Started, StartWish } from "../scenarios/scenarios.ts";
import { LONGEST_TEXT } from "../scenarios/text-bounds.ts";

export interface ScenarioDeps {
  readonly feed: Feed;
  readonly scenarios: Scenarios;
  readonly catalogue: ScenarioCatalogue;
}

const tags = ["Scenarios"];

const respectHalt = z.boolean().default(false);

const wish = z
  .strictObject({
    name: z.string().min(1).max(64).optional(),
    yaml: z.string().min(1).max(LONGEST_TEXT).optional(),
    intensity: z.number().min(0).max(100).default(1),
    scale: z.number().min(0).max(100).default(1),
    time_factor: z.number().gt(0).max(100).default(1),
    symbols: z.array(z.string()).min(1).max(32).optional(),
    seed: z.string().min(1).max(64).optional(),
    respect_halt: respectHalt,
  })
  .refine(({ name, yaml }) => (name === undefined) !== (yaml === undefined), {
    path: ["name"],
    message: "either name or yaml is given",
  });

const idPath = z.strictObject({ id: z.string().min(1).max(100) });

/** Scenarios of the shared market: those that ship, and operators' own as YAML. */
export function scenarioRoutes(app: HttpHost, deps: ScenarioDeps): void {
  const { feed, scenarios, catalogue } = deps;
  app.get("/admin/scenarios", { schema: { tags } }, async () => ({
    scenarios: catalogue.all.map(({ name, kind, title, phases, effects }) => ({
      name,
      kind,
      title,
      phases: phases.map((phase) => phase.name),
      effects: effects.map(({ on, assets }) => ({ on, assets })),
    })),
    running: feed.scenarios.running().map(({ start, startedAt }) => renderRun(start, startedAt)),
  }));
  app.post("/admin/scenarios", { schema: { tags, body: wish } }, async ({ body }, reply) => {
    refuseWhenOff(scenarios);
    const started = begun(scenarios.start(startWish(body, deps)));
    return reply.code(201).send(renderRun(started.start, started.at));
  });
  app.put(
    "/admin/scenarios/:id",
    { schema: { tags, params: idPath, body: wish } },
    async ({ params, body }) => {
      refuseWhenOff(scenarios);
      const started = begun(scenarios.replace(params.id, startWish(body, deps)));
      return renderRun(started.start, started.at);
    },
  );
  app.delete("/admin/scenarios/:id", { schema: { tags, params: idPath } }, async ({ params }) => {
    refuseWhenOff(scenarios);
    if (!scenarios.stop(params.id)) throw noScenario();
    return { scenario_id: params.id, state: "STOPPED" };
  });
}

/** Starts a chaos action on the shared market; `undefined` for a name that is none. @throws Problem */
export function beginScenarioAction(
  name: string,
  given: Readonly<Record<string, unknown>>,
  deps: ScenarioDeps,
): ReturnType<typeof renderBegun> | undefined {
  if (!Object.hasOwn(SCENARIO_ACTIONS, name)) return undefined;
  const { parameters, wish: make } = SCENARIO_ACTIONS[name as ScenarioActionName];
  const { respect_halt, ...rest } = given;
  const respectHalt = respectHaltOf(respect_halt);
  const parsed = parameters.safeParse(rest, { reportInput: true });
  if (!parsed.success) throw validationFailed(fieldErrors(parsed.error.issues, "parameters"));
  const wished: ScenarioWish = make(parsed.data as never, namesOf(deps));
  const { seed } = parsed.data;
  return beginScenario({ ...wished, respectHalt, ...(seed !== undefined && { seed }) }, deps);
}

/** @throws Problem */
export function beginScenario(wished: StartWish, { scenarios }: ScenarioDeps) {
  const started = begun(scenarios.start(wished));
  return renderBegun(started.start, started.at);
}

/** Of any action: whether its moves may halt symbols in the mode `consensus`. */
function respectHaltOf(given: unknown): boolean {
  const parsed = respectHalt.safeParse(given, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw validationFailed(fieldErrors(parsed.error.issues, "respect_halt"));
}

/** @throws Problem `validation_failed` with line, column, field and rule */
function startWish(body: z.infer<typeof wish>, deps: ScenarioDeps): StartWish {
  const { name, yaml = "", intensity, scale, time_factor: timeFactor, symbols, seed } = body;
  const names = namesOf(deps);
  const assets = symbols?.map((text, i) => names.asset(text, `symbols.${i}`));
  const definition = name === undefined ? written(yaml) : names.scenario(name, "name");
  const common = { definition, seed, intensity, scale, timeFactor };
  return { ...common, respectHalt: body.respect_halt, ...(assets && { assets }) };
}

function written(text: string) {
  const reading = readScenario(text);
  if (reading.status === "read") return reading.definition;
  throw validationFailed(
    reading.faults.map(({ line, column, field, rule }) => ({
      field: field === "" ? "yaml" : `yaml.${field}`,
      rule: "scenario",
      message: `line ${line}, column ${column}: ${rule}`,
    })),
  );
}

function namesOf({ feed, catalogue }: ScenarioDeps): Names {
  const refuse: Names["refuse"] = (field, rule, message) => {
    throw validationFailed([{ field, rule, message }]);
  };
  return {
    assets: PRICED_ASSETS.filter((asset) => !STABLECOINS.includes(asset)),
    stablecoins: STABLECOINS,
    asset(text, field) {
      const { base, quote, symbol } = symbolNamed(feed, text, field);
      if (quote === UNIT_OF_ACCOUNT) return base;
      const message = `${symbol} follows its legs: name one that is priced in ${UNIT_OF_ACCOUNT}`;
      return refuse(field, "leg", message);
    },
    legs(text, field) {
      const { base, quote } = symbolNamed(feed, text, field);
      const first = { asset: base, sign: 1 } as const;
      return quote === UNIT_OF_ACCOUNT ? [first] : [first, { asset: quote, sign: -1 }];
    },
    scenario(name, field) {
      const found = catalogue.named(name);
      return found ?? refuse(field, "one_of", `is one of ${catalogue.names.join(", ")}`);
    },
    refuse,
  };
}

/** @throws Problem with the board's own code */
function begun(started: Started): Extract<Started, { readonly status: "started" }> {
  if (started.status === "started") return started;
  const { code, rule } = started.refusal;
  const field = started.refusal.field === "timeFactor" ? "time_factor" : started.refusal.field;
  throw new Problem({
    status: code === "no_such_scenario" ? 404 : code === "too_many_scenarios" ? 429 : 400,
    code,
    title: "The scenario can't be started so",
    detail: `${field}: ${rule}`,
    errors: [{ field, rule: code, message: rule }],
  });
}

function renderBegun({ id, seed, scenario }: ScenarioStart, at: Timestamp) {
  const endsAt = timestamp(at + scenario.duration);
  return { scenario_id: id, starts_at: formatTime(at), ends_at: formatTime(endsAt), seed };
}

export function renderRun(start: ScenarioStart, at: Timestamp) {
  const { scenario, intensity, scale, timeFactor } = start;
  return {
    ...renderBegun(start, at),
    name: scenario.name,
    scenario_type: scenario.kind,
    intensity,
    scale,
    time_factor: timeFactor,
    assets: [...new Set(scenario.prices.map(({ asset }) => asset))],
  };
}

/** @throws Problem `chaos_disabled` */
function refuseWhenOff({ enabled }: Scenarios): void {
  if (enabled) return;
  throw new Problem({
    status: 403,
    code: "chaos_disabled",
    title: "This world takes no chaos",
    detail: "It was started with CHAOS_ENABLED=false",
  });
}

function noScenario(): Problem {
  return new Problem({
    status: 404,
    code: "no_such_scenario",
    title: "No running scenario has this id",
  });
}
