import type {
  AccountNumber,
  Duration,
  InstrumentId,
  OrderFault,
  PlaceOrder,
  Random,
} from "@tse/domain";
import { z } from "zod";
import type { TradingCommand } from "../entry.ts";

/**
 * What an active rule does. A fault has the powers it needs and leaves out the rest. A power that
 * answers `undefined` did not match; any other answer is one application of the rule.
 */
export interface Effect {
  /** How long to hold a command. */
  delay?(command: TradingCommand): Duration | undefined;
  /** What the venue is to do to an order. */
  orderFault?(order: PlaceOrder): OrderFault | undefined;
  /** Why the production listener refuses everything. */
  readonly downtime?: string;
  /** What makers multiply their spreads by. */
  spread?(instrument: InstrumentId): number | undefined;
  /** What makers multiply their sizes by. */
  liquidity?(instrument: InstrumentId): number | undefined;
}

/** What a rule is limited to; `undefined` is everything. */
export interface Scope {
  readonly instruments: ReadonlySet<InstrumentId> | undefined;
  readonly accounts: ReadonlySet<AccountNumber> | undefined;
}

/** One kind of fault. Its settings' names carry their units, their schemas hold the ranges. */
export interface FaultType {
  /** Settings beside `duration_s`, `duration` and `seed`, which every fault has. */
  readonly settings: z.ZodRawShape;
  /**
   * @param settings already valid
   * @param chance the rule's own stream; a fault draws once a match, so that a rerun hits the same requests
   */
  effect(settings: Readonly<Record<string, unknown>>, scope: Scope, chance: Random): Effect;
}

/** A fault type whose `effect` sees the settings with the types that its schemas give. */
export function faultType<const Shape extends z.ZodRawShape>(type: {
  readonly settings: Shape;
  effect(settings: z.output<z.ZodObject<Shape>>, scope: Scope, chance: Random): Effect;
}): FaultType {
  return type as FaultType;
}

/** A number from `min` to `max`, both included. */
export function number(min: number, max: number) {
  return z.number().superRefine((value, context) => {
    if (value >= min && value <= max) return;
    const message = `must be from ${min} to ${max}`;
    context.addIssue({ code: "custom", message, params: { rule: "range" } });
  });
}

/** Every fault's length, and the seed of its decisions; drawn from the world's when absent. */
export const COMMON_SETTINGS = {
  duration_s: number(0, 86_400).optional(),
  duration: z.string().max(20).optional(),
  seed: number(0, 2 ** 32 - 1)
    .int("must be a whole number")
    .optional(),
} as const;

/** Limits a fault to instruments; all of them when absent. */
export const BY_SYMBOL = { symbols: z.array(z.string().min(1).max(32)).min(1).max(100).optional() };

/** Limits a fault to accounts; all of them when absent. */
export const BY_ACCOUNT = {
  affected_accounts: z.array(z.string().min(1).max(64)).min(1).max(1000).optional(),
};

export function includes<Item>(scope: ReadonlySet<Item> | undefined, item: Item): boolean {
  return scope === undefined || scope.has(item);
}
