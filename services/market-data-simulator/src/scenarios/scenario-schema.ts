import {
  FEED_FAULTS,
  MULTIPLIED,
  PATH_SHAPES,
  SCENARIO_KINDS,
  SIMULATED_SOURCES,
} from "@tse/market-model";
import { z } from "zod";
import { change, changes, number, numbers, shares, time, times } from "./scalars.ts";

/** The only version of the format. */
const FORMAT = 1;

const NONE = "0s";
const phase = z.strictObject({ name: z.string(), at: time });
const assets = z.union([z.literal("*"), z.array(z.string())], {
  error: "*, or a list of assets such as [BTC, ETH]",
});
const shape = z.enum(PATH_SHAPES);
const recovery = z.strictObject({
  share: shares,
  hold: times.prefault(NONE),
  time: times,
  shape: shape.default("smoothstep"),
});

const price = { on: z.literal("price"), assets, recovery: recovery.optional() };
const leg = { after: times.prefault(NONE), over: times, shape: shape.default("linear") };
const keyframes = z.strictObject({
  ...price,
  path: z.literal("keyframes"),
  curve: z.enum(["linear", "monotone"]).default("linear"),
  points: z.array(z.tuple([time, change])),
});
const move = z.strictObject({ ...price, path: z.literal("move"), change: changes, ...leg });
const target = z.strictObject({ ...price, path: z.literal("target"), price: numbers, ...leg });

const pull = z.strictObject({
  on: z.literal("pull"),
  assets,
  level: number.optional(),
  half_life: times,
});

const multiplier = { on: z.enum(MULTIPLIED), assets };
const constant = z.strictObject({ ...multiplier, course: z.literal("constant"), times: numbers });
const ramp = z.strictObject({
  ...multiplier,
  course: z.literal("ramp"),
  to: numbers,
  after: times.prefault(NONE),
  rise: times,
  hold: times.optional(),
  fall: times.prefault(NONE),
});
const aftershock = z.strictObject({
  ...multiplier,
  course: z.literal("aftershock"),
  peak: numbers,
  at: times,
  rise: times.prefault(NONE),
  scale: times,
  exponent: numbers,
});

const loading = z.strictObject({
  on: z.literal("loading"),
  assets,
  rule: z.enum(["correlation", "multiple"]),
  value: numbers,
  transition: times.prefault(NONE),
});

/** Of ticks the feed itself, of quotes the sources of this world. */
const FEED_SOURCES = ["feed", ...SIMULATED_SOURCES.map(({ name }) => name)] as const;

const fault = {
  on: z.literal("feed"),
  assets,
  source: z.enum(FEED_SOURCES).default("feed"),
  at: times.prefault(NONE),
  lasts: times,
};
const [freeze, gap, latency, loss] = FEED_FAULTS;
const feed = z.discriminatedUnion("fault", [
  z.strictObject({ ...fault, fault: z.enum([freeze, gap]) }),
  z.strictObject({ ...fault, fault: z.literal(latency), size: times }),
  z.strictObject({ ...fault, fault: z.literal(loss), size: shares }),
]);

const effect = z.discriminatedUnion("on", [
  z.discriminatedUnion("path", [keyframes, move, target]),
  pull,
  z.discriminatedUnion("course", [constant, ramp, aftershock]),
  loading,
  feed,
]);

/** The length is checked first: a list of thousands is not worth reading. */
const listOf = <Item extends z.ZodType>(item: Item, most: number) =>
  z
    .array(z.unknown())
    .max(most, { error: `at most ${most} entries` })
    .pipe(z.array(item));

/** A scenario as a file has it: shares, lengths of time and percentages as text. */
export const scenarioFile = z.strictObject({
  format: z.literal(FORMAT),
  name: z.string(),
  kind: z.enum(SCENARIO_KINDS),
  title: z.string().min(1).max(200),
  /** Where its numbers come from. */
  source: z.string().max(2_000).optional(),
  duration: times,
  release: time.prefault("1m"),
  pinned: z.boolean().default(false),
  phases: listOf(phase, 50).default([{ name: "main", at: 0 }]),
  effects: listOf(effect, 100),
});

export type ScenarioFile = z.output<typeof scenarioFile>;
export type EffectFile = z.output<typeof effect>;
