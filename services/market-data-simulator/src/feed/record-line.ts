import type { Timestamp } from "@tse/domain";
import { SIMULATED_SOURCES } from "@tse/market-model";
import { z } from "zod";
import type { Intervention } from "./intervention.ts";
import { MARKET_MODES, PRICED_ASSETS } from "./markets.ts";
import type { Segment } from "./segment.ts";
import { CATALOGUE } from "./symbol-terms.ts";

/** One line of a market's record. */
export type Line = (Segment & { readonly kind: "segment" }) | Intervention | Mark;

/** `until`: reserved, in force until the next line. */
type Mark =
  | { readonly kind: "time"; readonly at: Timestamp }
  | { readonly kind: "until"; readonly at: Timestamp };

export type ReadLine =
  | { readonly status: "read"; readonly line: Line }
  /** `rule`: what is wrong with it, for a person. */
  | { readonly status: "refused"; readonly rule: string };

const at = z.int().nonnegative();
const name = z.string().min(1);
const symbol = z.enum(CATALOGUE.map((terms) => terms.symbol));
const asset = z.enum(PRICED_ASSETS);
const source = z.enum(SIMULATED_SOURCES.map((shape) => shape.name));
const above0 = z.number().positive();
const spreadKind = z.enum(["fixed", "dynamic"]);
const spread = z.looseObject({ kind: spreadKind, bps: above0 });

const fault = z.looseObject({
  loss: z.number().min(0).max(1),
  delay: z.number().nonnegative(),
  factor: above0,
});

const dataset = z.looseObject({ name, checksum: name });

const modeTerms = z.discriminatedUnion("mode", [
  z.looseObject({ mode: z.enum([...MARKET_MODES, "consensus"]) }),
  z.looseObject({ mode: z.literal("bootstrap"), dataset }),
  z.looseObject({
    mode: z.literal("replay"),
    id: name,
    dataset,
    speed: above0,
    from: z.int(),
    loop: z.boolean(),
    align: z.enum(["absolute", "rebase"]),
    get afterwards(): z.ZodType {
      return modeTerms.optional();
    },
  }),
]);

const lastTick = z.looseObject({
  sequence: z.int().positive(),
  timestamp: at,
  price: z.int().positive(),
  bid: z.int().positive(),
  ask: z.int().positive(),
  volume: z.int().nonnegative(),
  source: name,
  confidence: z.number().nonnegative(),
});

const segment = z
  .looseObject({
    number: z.int().positive(),
    seed: z.string(),
    mode: name,
    market: z.enum(MARKET_MODES).optional(),
    modes: z.partialRecord(asset, modeTerms).optional(),
    interval: z.int().positive(),
    symbols: z.array(symbol),
    start: at,
    prices: z.record(z.string(), above0),
    sequences: z.record(z.string(), z.int().nonnegative()),
    last: z.partialRecord(symbol, lastTick).optional(),
    halted: z.array(symbol).optional(),
    spread: spreadKind.optional(),
    spreads: z.partialRecord(symbol, spread).optional(),
    disturbed: z.array(z.looseObject({ source, asset, fault })).optional(),
  })
  .refine(({ mode, market = mode }) => MARKET_MODES.some((each) => each === market), {
    path: ["market"],
    message: "is missing",
  });

const command = z.looseObject({
  kind: z.enum(["start_scenario", "replace_scenario", "stop_scenario", "clear_scenarios"]),
  time: at,
});

const seek = z.looseObject({ at, id: name, action: z.literal("seek"), to: z.int() });
const turn = z.looseObject({ at, id: name, action: z.enum(["pause", "resume", "stop"]) });

/** More than what is named here is let be: a later version may have written it. */
const KINDS = {
  segment,
  time: z.looseObject({ at }),
  until: z.looseObject({ at }),
  price: z.looseObject({ at, symbol, price: z.int().positive() }),
  halt: z.looseObject({ at, symbol }),
  resume: z.looseObject({ at, symbol }),
  spread: z.looseObject({ at, symbol, spread }),
  mode: z.looseObject({ at, symbol, terms: modeTerms }),
  scenario: z.looseObject({ at, command }),
  replay: z.discriminatedUnion("action", [seek, turn]),
  source: z.looseObject({ at, source, symbols: z.array(symbol), fault: fault.optional() }),
} as const satisfies Record<Line["kind"], z.ZodType>;

const kinds: Readonly<Record<string, z.ZodType>> = KINDS;

/** @param symbols of the stretch that it is in, where that is known: it names no others */
export function readLine(text: string, symbols?: readonly string[]): ReadLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refused("it is no JSON");
  }
  if (typeof value !== "object" || value === null) return refused("it is no JSON object");
  const kind = "kind" in value ? value.kind : undefined;
  if (typeof kind !== "string" || !Object.hasOwn(kinds, kind)) {
    return refused(`kind must be one of ${Object.keys(kinds).join(", ")}`);
  }
  const [issue] = kinds[kind]?.safeParse(value).error?.issues ?? [];
  if (issue !== undefined) return refused(`${issue.path.join(".")}: ${issue.message}`);
  const line = value as Line;
  const strange = symbolsOf(line).find((each) => symbols?.includes(each) === false);
  if (strange !== undefined) return refused(`${strange} is not one of this stretch's symbols`);
  return { status: "read", line };
}

function symbolsOf(line: Line): readonly string[] {
  if (line.kind === "segment") return [];
  if ("symbol" in line) return [line.symbol];
  return "symbols" in line ? line.symbols : [];
}

function refused(rule: string): ReadLine {
  return { status: "refused", rule };
}
