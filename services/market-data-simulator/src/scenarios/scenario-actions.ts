import type { ScenarioDefinition } from "@tse/market-model";
import { z } from "zod";
import { definition, HOUR, MINUTE, move, SECOND, times } from "./definitions.ts";

/** What an action on the shared market comes to. */
export interface ScenarioWish {
  readonly definition: ScenarioDefinition;
  readonly maxDeviation: number | undefined;
  readonly maxDuration: number;
  readonly scale?: number;
  readonly timeFactor?: number;
  readonly assets?: readonly string[];
}

/** An asset that moves a symbol's price: with it, or against it. */
export interface Leg {
  readonly asset: string;
  readonly sign: 1 | -1;
}

/** What turns names into assets and definitions. It throws the refusals of its caller's protocol. */
export interface Names {
  /** Base asset of a symbol that is priced in the unit of account. @param field that names it */
  asset(symbol: string, field: string): string;
  /** What a symbol's price is made of: its base asset, and the quote asset it is divided by. */
  legs(symbol: string, field: string): readonly Leg[];
  readonly stablecoins: readonly string[];
  scenario(name: string, field: string): ScenarioDefinition;
  /** Says what is wrong with a field. */
  refuse(field: string, rule: string, message: string): never;
  readonly assets: readonly string[];
}

/** MAX_PRICE_DEVIATION and SCENARIO_TIMEOUT_HOURS. */
const MAX_DEVIATION = 0.25;
const MAX_DURATION = 48 * HOUR;
const MAX_DEPEG = 0.1;
const MAX_DEPEG_DURATION = 72 * HOUR;
/** The shock, its stay and the way back together. */
const MAX_SHOCK_SECONDS = 7_200;

const NO_LEG = "has an asset that base_symbol has not: without one both would move alike";

const TOGETHER = "has two or more assets that move together: a stablecoin keeps to its peg";

const symbol = z.string().min(1).max(32);
const symbols = z.array(symbol).min(1).max(32);
const percentage = z
  .number()
  .gt(-100)
  .max(1_000)
  .refine((value) => value !== 0, "is not 0");
const seed = z.string().min(1).max(64).optional();
const factor = z.number().gt(0).max(100).default(1);

interface Action<Parameters> {
  readonly parameters: z.ZodType<Parameters>;
  wish(parameters: Parameters, names: Names): ScenarioWish;
}

const action = <Parameters>(each: Action<Parameters>): Action<Parameters> => each;

const limited = (made: ScenarioDefinition): ScenarioWish => ({
  definition: made,
  maxDeviation: MAX_DEVIATION,
  maxDuration: MAX_DURATION,
});

const priceShock = action({
  parameters: z
    .strictObject({
      symbol,
      shock_percentage: percentage,
      duration_seconds: z.number().gt(0).max(MAX_SHOCK_SECONDS),
      pattern: z.enum(["sudden_drop", "gradual_linear", "v_shape"]).default("sudden_drop"),
      recovery_time_seconds: z.number().gt(0).max(MAX_SHOCK_SECONDS),
      seed,
    })
    .refine((given) => given.duration_seconds + given.recovery_time_seconds <= MAX_SHOCK_SECONDS, {
      path: ["recovery_time_seconds"],
      params: { rule: "max" },
      message: `and duration_seconds together are at most ${MAX_SHOCK_SECONDS}: a shock lasts two hours, recovery included`,
    }),
  wish(given, names) {
    const isSudden = given.pattern === "sudden_drop";
    const length = given.duration_seconds * SECOND;
    const recovery = given.recovery_time_seconds * SECOND;
    const shock = move({
      assets: [names.asset(given.symbol, "parameters.symbol")],
      change: given.shock_percentage / 100,
      over: isSudden ? 0 : length,
      shape: isSudden ? "jump" : "linear",
      hold: isSudden ? length : 0,
      recovery,
      recoveryShape: given.pattern === "v_shape" ? "linear" : "exponential",
    });
    const named = {
      name: "price_shock",
      kind: "price_shock",
      title: "Price shock",
      phases: [
        { name: "shock", at: 0 },
        { name: "recovery", at: length },
      ],
    } as const;
    return limited(definition(named, length + recovery, [shock]));
  },
});

/**
 * The target leaves the base while the base stands. A symbol's price is a quotient of its assets' prices, so that no
 * triangle ever pays; what moves is therefore the first asset of the target that the base has not. A second
 * listing, BTC/USDT beside BTC/USD, leaves by its quote asset: the dollar price of USDT goes the other way, and every
 * pair in USDT with it. A target without an asset of its own could only take the base along: it is refused.
 */
const gradualDivergence = action({
  parameters: z.strictObject({
    base_symbol: symbol,
    target_symbol: symbol,
    max_spread_bps: z
      .number()
      .min(-2_500)
      .max(2_500)
      .refine((value) => value !== 0, "is not 0"),
    buildup_hours: z.number().gt(0).max(48),
    sustain_hours: z.number().min(0).max(48).default(0),
    recovery_hours: z.number().gt(0).max(48),
    seed,
  }),
  wish(given, names) {
    const { asset, sign } = ownLeg(given, names);
    const buildup = given.buildup_hours * HOUR;
    const hold = given.sustain_hours * HOUR;
    const recovery = given.recovery_hours * HOUR;
    const away = move({
      assets: [asset],
      change: (1 + given.max_spread_bps / 10_000) ** sign - 1,
      over: buildup,
      shape: "linear",
      hold,
      recovery,
      recoveryShape: "linear",
    });
    const named = {
      name: "gradual_divergence",
      kind: "divergence",
      title: "Gradual divergence",
      phases: [
        { name: "buildup", at: 0 },
        { name: "sustain", at: buildup },
        { name: "recovery", at: buildup + hold },
      ],
    } as const;
    const wished = limited(definition(named, buildup + hold + recovery, [away]));
    return names.stablecoins.includes(asset) ? { ...wished, maxDeviation: MAX_DEPEG } : wished;
  },
});

interface Divergence {
  readonly base_symbol: string;
  readonly target_symbol: string;
}

function ownLeg({ base_symbol, target_symbol }: Divergence, names: Names): Leg {
  const base = names.legs(base_symbol, "parameters.base_symbol");
  const target = names.legs(target_symbol, "parameters.target_symbol");
  const own = target.find(({ asset }) => base.every((leg) => leg.asset !== asset));
  return own ?? names.refuse("parameters.target_symbol", "own_leg", NO_LEG);
}

const stablecoinDepeg = action({
  parameters: z.strictObject({
    symbol,
    target_deviation: z
      .number()
      .min(-MAX_DEPEG)
      .max(MAX_DEPEG)
      .refine((value) => value !== 0, "is not 0"),
    duration_hours: z.number().gt(0).max(72),
    pattern: z.literal("gradual_linear").default("gradual_linear"),
    volatility_increase: z.number().min(1).max(100).default(1),
    seed,
  }),
  wish(given, names) {
    const asset = names.asset(given.symbol, "parameters.symbol");
    if (!names.stablecoins.includes(asset)) {
      names.refuse("parameters.symbol", "stablecoin", `${asset} is no stablecoin: it has no peg`);
    }
    const assets = [asset];
    const length = given.duration_hours * HOUR;
    const slide = move({
      assets,
      change: given.target_deviation,
      over: length / 4,
      shape: "linear",
      hold: length / 2,
      recovery: length / 4,
      recoveryShape: "linear",
    });
    const named = {
      name: "stablecoin_depeg",
      kind: "stablecoin_depeg",
      title: "Stablecoin depeg",
      phases: [
        { name: "slide", at: 0 },
        { name: "below", at: length / 4 },
        { name: "return", at: (3 * length) / 4 },
      ],
    } as const;
    const wild = times("volatility", assets, given.volatility_increase, length / 8);
    return {
      definition: definition(named, length, [slide, wild]),
      maxDeviation: MAX_DEPEG,
      maxDuration: MAX_DEPEG_DURATION,
    };
  },
});

const correlationBreak = action({
  parameters: z.strictObject({
    symbols: symbols.min(2),
    target_correlation: z.number().min(-1).max(1),
    duration_hours: z.number().gt(0).max(48),
    transition_minutes: z.number().min(0).max(1_440).default(15),
    seed,
  }),
  wish(given, names) {
    const assets = given.symbols.map((each, i) => names.asset(each, `parameters.symbols.${i}`));
    const together = assets.filter((asset) => !names.stablecoins.includes(asset));
    if (new Set(together).size < 2) {
      names.refuse("parameters.symbols", "correlated", TOGETHER);
    }
    const named = {
      name: "correlation_break",
      kind: "correlation_break",
      title: "Correlation break",
    } as const;
    return limited(
      definition(named, given.duration_hours * HOUR, [
        {
          on: "loading",
          assets,
          rule: "correlation",
          value: given.target_correlation,
          transition: given.transition_minutes * MINUTE,
        },
      ]),
    );
  },
});

const volatilitySpike = action({
  parameters: z.strictObject({
    symbol,
    volatility_multiplier: z.number().min(1).max(100),
    duration_hours: z.number().gt(0).max(48),
    pattern: z.literal("random_walk").default("random_walk"),
    preserve_trend: z.literal(true).default(true),
    seed,
  }),
  wish(given, names) {
    const assets = [names.asset(given.symbol, "parameters.symbol")];
    const named = {
      name: "volatility_spike",
      kind: "volatility_spike",
      title: "Volatility spike",
    } as const;
    const wild = times("volatility", assets, given.volatility_multiplier);
    return limited(definition(named, given.duration_hours * HOUR, [wild]));
  },
});

const marketCrash = action({
  parameters: z.strictObject({
    crash_percentage: z.number().gt(-100).lt(0),
    crash_duration_minutes: z.number().gt(0).max(2_880),
    symbols: symbols.optional(),
    correlation_increase: z.number().min(0).max(1).default(0.95),
    volume_spike_multiplier: z.number().min(1).max(100).default(5),
    recovery_pattern: z.literal("slow_bounce").default("slow_bounce"),
    seed,
  }),
  wish(given, names) {
    const named = given.symbols?.map((each, i) => names.asset(each, `parameters.symbols.${i}`));
    const assets = named ?? names.assets;
    const fall = given.crash_duration_minutes * MINUTE;
    const bounce = 10 * fall;
    const crash = move({
      assets,
      change: given.crash_percentage / 100,
      over: fall,
      shape: "linear",
      hold: 0,
      recovery: bounce,
      share: 0.5,
      recoveryShape: "smoothstep",
    });
    const title = {
      name: "market_crash",
      kind: "market_crash",
      title: "Market crash",
      phases: [
        { name: "fall", at: 0 },
        { name: "bounce", at: fall },
      ],
    } as const;
    return limited(
      definition(title, fall + bounce, [
        crash,
        {
          on: "loading",
          assets,
          rule: "correlation",
          value: given.correlation_increase,
          transition: fall / 4,
        },
        times("volume", assets, given.volume_spike_multiplier, fall / 4),
      ]),
    );
  },
});

const priceRecovery = action({
  parameters: z.strictObject({
    symbol,
    target_price: z.number().gt(0),
    recovery_hours: z.number().gt(0).max(48),
    seed,
  }),
  wish(given, names) {
    const over = given.recovery_hours * HOUR;
    const named = {
      name: "price_recovery",
      kind: "price_recovery",
      title: "Price recovery",
      pinned: true,
    } as const;
    return limited(
      definition(named, over, [
        {
          on: "price",
          assets: [names.asset(given.symbol, "parameters.symbol")],
          path: { path: "target", price: given.target_price, after: 0, over, shape: "smoothstep" },
        },
      ]),
    );
  },
});

const preset = action({
  parameters: z.strictObject({
    name: z.string().min(1).max(64),
    symbols: symbols.optional(),
    scale: z.number().min(0).max(100).default(1),
    time_factor: factor,
    allow_extreme: z.boolean().default(false),
    seed,
  }),
  wish(given, names) {
    const assets = given.symbols?.map((each, i) => names.asset(each, `parameters.symbols.${i}`));
    return {
      definition: names.scenario(given.name, "parameters.name"),
      maxDeviation: given.allow_extreme ? undefined : MAX_DEVIATION,
      maxDuration: given.allow_extreme ? Number.POSITIVE_INFINITY : MAX_DURATION,
      scale: given.scale,
      timeFactor: given.time_factor,
      ...(assets && { assets }),
    };
  },
});

/** Actions on the shared market, by the names of the admin API's paths. */
export const SCENARIO_ACTIONS = {
  "price-shock": priceShock,
  "gradual-divergence": gradualDivergence,
  "stablecoin-depeg": stablecoinDepeg,
  "correlation-break": correlationBreak,
  "volatility-spike": volatilitySpike,
  "market-crash": marketCrash,
  "price-recovery": priceRecovery,
  preset,
} as const;

export type ScenarioActionName = keyof typeof SCENARIO_ACTIONS;
