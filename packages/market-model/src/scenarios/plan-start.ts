import type { Effect, ScenarioDefinition } from "./definition.ts";
import { definitionFaults } from "./definition-faults.ts";
import { drawScenario } from "./draw-scenario.ts";
import type { DrawnScenario } from "./drawn-scenario.ts";
import { extremeOf } from "./price-path.ts";
import type {
  ScenarioLimits,
  ScenarioRefusal,
  ScenarioRefusalCode,
  ScenarioStart,
  StartOptions,
} from "./scenario-command.ts";

/** The largest intensity, scale and time factor. */
const LARGEST_FACTOR = 100;
const MOST_RUNS = 100;
const ID = /^[\w.:-]{1,100}$/;

/** What the board knows that a start depends on. */
export interface PlanContext {
  readonly assets: readonly string[];
  readonly stablecoins: ReadonlySet<string>;
  readonly running: number;
  /** Log return that ended scenarios left in a price. */
  readonly retained: (asset: string) => number;
}

type StartPlan = { readonly start: ScenarioStart } | { readonly refusal: ScenarioRefusal };

/** Checks a start, draws its values, and checks what was drawn against its limits. */
export function planStart(options: StartOptions, context: PlanContext): StartPlan {
  const { definition, id, seed = "" } = options;
  const { intensity = 1, scale = 1, timeFactor = 1, pinned = definition.pinned } = options;
  const refusal = optionFault(options, context) ?? definitionFault(definition);
  if (refusal !== undefined) return { refusal };

  const assetsOf = (effect: Effect) => settle(effect, options, context);
  const touched = new Set(definition.effects.flatMap(assetsOf));
  if (touched.size === 0) {
    const rule = "an asset of the scenario is in this world and among those asked for";
    return { refusal: refuse("no_asset", "assets", rule) };
  }
  const logPrices = pricesOf(touched, options);
  const priced = definition.effects.filter((effect) => needsPrice(effect, pinned));
  const unknown = priced.flatMap(assetsOf).find((asset) => logPrices[asset] === undefined);
  if (unknown !== undefined) {
    return { refusal: refuse("price_unknown", "logPrice", `the price of ${unknown} is known`) };
  }
  const scenario = drawScenario(definition, {
    random: options.random.fork(id),
    intensity,
    scale,
    timeFactor,
    pinned,
    assetsOf,
    logPrice: (asset) => logPrices[asset] as number,
  });
  const guided = definition.effects.filter(
    (effect) => effect.on === "price" && effect.path.path === "target",
  );
  const isTarget = (asset: string) => guided.flatMap(assetsOf).includes(asset);
  const tooFar = limitFault(scenario, options.limits ?? {}, isTarget, context.retained);
  if (tooFar !== undefined) return { refusal: tooFar };
  const halts = options.respectHalt === true ? ({ respectHalt: true } as const) : {};
  return { start: { id, seed, intensity, scale, timeFactor, scenario, logPrices, ...halts } };
}

function pricesOf(assets: Iterable<string>, { logPrice }: StartOptions): Record<string, number> {
  const prices: Record<string, number> = {};
  for (const asset of assets) {
    const price = logPrice?.(asset);
    if (price !== undefined) prices[asset] = price;
  }
  return prices;
}

function optionFault(options: StartOptions, context: PlanContext): ScenarioRefusal | undefined {
  const { id, intensity = 1, scale = 1, timeFactor = 1, assets = [] } = options;
  if (context.running >= MOST_RUNS) {
    return refuse("too_many_scenarios", "id", `at most ${MOST_RUNS} scenarios at a time`);
  }
  if (!ID.test(id)) return refuse("invalid_parameter", "id", "1 to 100 letters, digits, . : _ -");
  for (const [field, value] of Object.entries({ intensity, scale })) {
    if (!(value >= 0 && value <= LARGEST_FACTOR)) {
      return refuse("invalid_parameter", field, `from 0 to ${LARGEST_FACTOR}`);
    }
  }
  if (!(timeFactor >= 1 / LARGEST_FACTOR && timeFactor <= LARGEST_FACTOR)) {
    return refuse("invalid_parameter", "timeFactor", `from 0.01 to ${LARGEST_FACTOR}`);
  }
  const stranger = assets.find((asset) => !context.assets.includes(asset));
  if (stranger === undefined) return undefined;
  return refuse("no_asset", "assets", `an asset of this world, not ${stranger}`);
}

function definitionFault(definition: ScenarioDefinition): ScenarioRefusal | undefined {
  const fault = definitionFaults(definition)[0];
  if (fault === undefined) return undefined;
  return refuse("invalid_definition", fault.path.join("."), fault.rule);
}

/** Named assets that are within reach; for `*` the rest, in the order of reach. */
function settle(effect: Effect, options: StartOptions, context: PlanContext): string[] {
  const reach = options.assets ?? context.assets;
  if (effect.assets !== "*") return effect.assets.filter((asset) => reach.includes(asset));
  const rivals = options.definition.effects.filter(({ on }) => on === effect.on);
  const named = new Set(rivals.flatMap(({ assets }) => (assets === "*" ? [] : assets)));
  const isMeant = (asset: string) =>
    options.assets !== undefined || !context.stablecoins.has(asset);
  return reach.filter((asset) => isMeant(asset) && !named.has(asset));
}

/** What the effect does depends on where the price stands. */
function needsPrice(effect: Effect, pinned: boolean): boolean {
  if (effect.on === "pull") return effect.level === undefined;
  return effect.on === "price" && (pinned || effect.path.path === "target");
}

function limitFault(
  { prices, duration }: DrawnScenario,
  { maxDeviation, maxDuration }: ScenarioLimits,
  isTarget: (asset: string) => boolean,
  retained: PlanContext["retained"],
): ScenarioRefusal | undefined {
  if (maxDuration !== undefined && duration > maxDuration) {
    const rule = `SCENARIO_TIMEOUT_HOURS: at most ${maxDuration / 3_600_000_000} hours`;
    return refuse("scenario_too_long", "duration", rule);
  }
  if (maxDeviation === undefined) return undefined;
  for (const { asset, path } of prices) {
    const move = extremeOf(path);
    // A way back to where the price would be without earlier scenarios is no deviation, however long.
    const wayBack = isTarget(asset) ? deviation(move + retained(asset)) : Number.POSITIVE_INFINITY;
    if (Math.min(deviation(move), wayBack) > maxDeviation * (1 + 1e-9)) {
      const rule = `MAX_PRICE_DEVIATION: ${asset} moves by at most ${maxDeviation}`;
      return refuse("price_deviation_too_large", "effects", rule);
    }
  }
  return undefined;
}

/** A log return as the share by which the price moves. */
const deviation = (logReturn: number): number => Math.abs(Math.expm1(logReturn));

const refuse = (code: ScenarioRefusalCode, field: string, rule: string): ScenarioRefusal => ({
  code,
  field,
  rule,
});
