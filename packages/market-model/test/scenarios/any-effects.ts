import { type Effect, type MULTIPLIED, PATH_SHAPES } from "@tse/market-model";
import fc from "fast-check";
import { ASSETS, HOUR, MINUTE, SECOND } from "./worlds.ts";

type EffectOn<On extends Effect["on"]> = Extract<Effect, { readonly on: On }>;

const anyTime = fc.integer({ min: 0, max: 30 * MINUTE });
const anyLength = fc.integer({ min: 1, max: 30 * MINUTE });
const anyShape = fc.constantFrom(...PATH_SHAPES);
const anyAssets = fc.oneof(
  fc.constant("*" as const),
  fc.subarray(ASSETS.slice(0, 5), { minLength: 2 }),
);

/** A range of two numbers of one sign, or of one side of 1. */
const spanOf = (number: fc.Arbitrary<number>) =>
  fc.oneof(
    number,
    fc.tuple(number, number).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
  );
/** Without -0, which JSON hasn't. */
export const decimals = (min: number, max: number) =>
  fc.double({ min, max, noNaN: true }).map((value) => value + 0);
const anyMultiplier = fc.oneof(spanOf(decimals(0.05, 0.95)), spanOf(decimals(1.05, 20)));
const anyChange = fc.oneof(spanOf(decimals(-0.5, -0.01)), spanOf(decimals(0.01, 0.5)));

const anyRecovery = fc.option(
  fc.record({ share: spanOf(decimals(0, 1)), hold: anyTime, time: anyTime, shape: anyShape }),
  { nil: undefined },
);

const anyPath = fc.oneof(
  fc.record({
    path: fc.constant("move" as const),
    change: anyChange,
    after: anyTime,
    over: anyTime,
    shape: anyShape,
  }),
  fc
    .tuple(
      fc.constantFrom("linear", "monotone"),
      fc.array(fc.tuple(anyLength, decimals(-0.5, 0.5)), { minLength: 1, maxLength: 4 }),
    )
    .map(([curve, legs]) => {
      const points: [number, number][] = [[0, 0]];
      for (const [length, value] of legs) points.push([(points.at(-1)?.[0] ?? 0) + length, value]);
      return { path: "keyframes", curve, points } as const;
    }),
);

const anyPrice: fc.Arbitrary<EffectOn<"price">> = fc
  .tuple(anyAssets, anyPath, anyRecovery)
  .map(([assets, path, recovery]) => ({
    on: "price",
    assets,
    path,
    ...(recovery && { recovery }),
  }));

const anyPull: fc.Arbitrary<EffectOn<"pull">> = fc.record({
  on: fc.constant("pull"),
  assets: anyAssets,
  halfLife: spanOf(fc.integer({ min: SECOND, max: HOUR })),
});

const anyCourse = fc.oneof(
  fc.record({ course: fc.constant("constant" as const), times: anyMultiplier }),
  fc.record({
    course: fc.constant("ramp" as const),
    to: anyMultiplier,
    after: anyTime,
    rise: anyTime,
    hold: anyTime,
    fall: anyTime,
  }),
  fc.record({
    course: fc.constant("aftershock" as const),
    peak: anyMultiplier,
    at: anyTime,
    rise: anyTime,
    scale: anyLength,
    exponent: spanOf(decimals(0, 2)),
  }),
);

const multiplierOn = (on: (typeof MULTIPLIED)[number]) =>
  fc.record({ on: fc.constant(on), assets: anyAssets, course: anyCourse });

const anyLoading: fc.Arbitrary<EffectOn<"loading">> = fc.record({
  on: fc.constant("loading"),
  assets: anyAssets,
  rule: fc.constantFrom("correlation", "multiple"),
  value: spanOf(decimals(-1, 1)),
  transition: anyTime,
});

const anyFault: fc.Arbitrary<EffectOn<"feed">> = fc.record({
  on: fc.constant("feed"),
  assets: anyAssets,
  fault: fc.constantFrom("freeze", "gap", "latency", "loss"),
  source: fc.constant("feed"),
  at: anyTime,
  lasts: anyTime,
  size: spanOf(decimals(0, 1)),
});

/** Some effect of each kind. */
export const KINDS: Readonly<Record<Effect["on"], fc.Arbitrary<Effect>>> = {
  price: anyPrice,
  pull: anyPull,
  volatility: multiplierOn("volatility"),
  jump_rate: multiplierOn("jump_rate"),
  volume: multiplierOn("volume"),
  depth: multiplierOn("depth"),
  spread: multiplierOn("spread"),
  loading: anyLoading,
  feed: anyFault,
};

/** One effect or none of each kind, so that none contradicts another. */
export const anyEffects = fc
  .tuple(...Object.values(KINDS).map((kind) => fc.option(kind, { nil: undefined })))
  .map((effects) => effects.filter((effect) => effect !== undefined))
  .filter((effects) => effects.length > 0);
