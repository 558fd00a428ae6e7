import {
  countOf,
  type Increment,
  type Instrument,
  lots,
  MAX_AMOUNT,
  parseDecimal,
  type Rate,
  type Ticks,
  type TradingRules,
  ticks,
} from "@tse/domain";
import { type FieldError, Problem, validationFailed } from "@tse/service-kit";
import { decimal, money } from "@tse/service-kit/schema";
import { z } from "zod";
import { number } from "../chaos/fault.ts";
import { rejected } from "../gateways/native/problems.ts";
import { fromWire, INSTRUMENT_STATUSES } from "../gateways/native/wire/words.ts";

const RATE_SCALE = 8;
/** Bands, multipliers and spreads are kept with so many decimal places. */
const SHARE_SCALE = 4;
const MINOR_PER_UNIT = 10n ** 8n;

interface RateBounds {
  /** Decimal places of what is given, and of what comes out. */
  readonly places: number;
  readonly scale?: number;
  readonly min?: string;
  readonly above?: string;
  readonly max: string;
}

/** A share as a decimal: 0.001 is ten basis points. Bounds are decimals. */
function rate({ places, scale = RATE_SCALE, min = "0", above, max }: RateBounds) {
  const scaled = (text: string) => parseDecimal(text, scale) as bigint;
  const least = above === undefined ? scaled(min) : scaled(above) + 1n;
  return z.string().transform((text, context): Rate => {
    const value = parseDecimal(text, places) === undefined ? undefined : parseDecimal(text, scale);
    if (value !== undefined && value >= least && value <= scaled(max)) return Number(value);
    const from = above === undefined ? `from ${min}` : `above ${above}, at most`;
    const range = above === undefined ? `${from} to ${max}` : `${from} ${max}`;
    const message = `must be a decimal ${range} with at most ${places} decimal places`;
    context.addIssue({ code: "custom", message, params: { rule: "decimal" } });
    return z.NEVER;
  });
}

export const feeRate = rate({ places: RATE_SCALE, max: "0.1" });

const assetName = z.string().superRefine((name, context) => {
  if (/^[A-Z0-9]{2,10}$/.test(name)) return;
  const message = "has 2 to 10 characters of A-Z 0-9";
  context.addIssue({ code: "custom", message, params: { rule: "pattern" } });
});

/** What an operator may set at any time, and what is fixed when an instrument is listed. */
export const instrumentTerms = z.strictObject({
  status: z.enum(INSTRUMENT_STATUSES).optional(),
  minSize: decimal("Smallest quantity of an order.", "0.0001").optional(),
  maxSize: decimal("Largest quantity of an order.", "100").optional(),
  minNotional: money("Smallest price × quantity.", "5").optional(),
  maxNotional: money("Largest price × quantity.", "9000000").optional(),
  priceBand: rate({ places: SHARE_SCALE, above: "0", max: "1" }).optional(),
  priceMultiplierDown: rate({ places: SHARE_SCALE, max: "1" }).optional(),
  priceMultiplierUp: rate({ places: SHARE_SCALE, above: "1", max: "100" }).optional(),
  maxOpenOrders: number(1, 1_000_000).int("must be a whole number").optional(),
  maxSpreadBps: rate({
    places: SHARE_SCALE,
    scale: SHARE_SCALE,
    above: "0",
    max: "10000",
  }).optional(),
  makerFeeRate: feeRate.optional(),
  takerFeeRate: feeRate.optional(),
  baseAsset: assetName.optional(),
  quoteAsset: assetName.optional(),
  tickSize: decimal("Step of a price.", "0.01").optional(),
  lotSize: decimal("Step of a quantity.", "0.00001").optional(),
  startPrice: decimal("Reference price until the first trade.", "45000").optional(),
});

export type InstrumentTerms = z.output<typeof instrumentTerms>;

/** The rules that `terms` name, in the instrument's own steps. @throws Problem when one isn't a multiple */
export function rulesOf(terms: InstrumentTerms, lotSize: Increment): Partial<TradingRules> {
  const { minSize, maxSize, status } = terms;
  const rules: { [Rule in keyof TradingRules]?: TradingRules[Rule] | undefined } = {
    status: status === undefined ? undefined : fromWire(status),
    minQuantity: minSize === undefined ? undefined : lots(stepsIn(minSize, lotSize, "minSize")),
    maxQuantity: maxSize === undefined ? undefined : lots(stepsIn(maxSize, lotSize, "maxSize")),
    minNotional: terms.minNotional,
    maxNotional: terms.maxNotional,
    priceBand: terms.priceBand,
    priceMultiplierDown: terms.priceMultiplierDown,
    priceMultiplierUp: terms.priceMultiplierUp,
    maxOpenOrders: terms.maxOpenOrders,
    maxSpread: terms.maxSpreadBps,
    makerFee: terms.makerFeeRate,
    takerFee: terms.takerFeeRate,
  };
  const given = Object.entries(rules).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Partial<TradingRules>;
}

export function startPriceOf(startPrice: string, tickSize: Increment): Ticks {
  return ticks(stepsIn(startPrice, tickSize, "startPrice"));
}

/** What a listed instrument can't change any more: naming it again is fine, naming another is not. */
export function refuseChanges(terms: InstrumentTerms, instrument: Instrument): void {
  const { tickSize, lotSize, startPrice } = terms;
  const differs = {
    baseAsset: terms.baseAsset !== undefined && terms.baseAsset !== instrument.baseAsset,
    quoteAsset: terms.quoteAsset !== undefined && terms.quoteAsset !== instrument.quoteAsset,
    tickSize: tickSize !== undefined && !isStep(tickSize, instrument.tickSize),
    lotSize: lotSize !== undefined && !isStep(lotSize, instrument.lotSize),
    startPrice:
      startPrice !== undefined &&
      countOf(startPrice, instrument.tickSize) !== instrument.startPrice,
  };
  const errors: FieldError[] = Object.entries(differs)
    .filter(([, differing]) => differing)
    .map(([field]) => ({
      field,
      rule: "fixed",
      message: "is fixed when the instrument is listed",
    }));
  if (errors.length > 0) throw validationFailed(errors);
}

type Rules = Pick<Instrument, "tickSize" | "lotSize"> & TradingRules;

/** Names what makes rules impossible together: the venue would refuse them without a name. */
export function refuseContradictions(rules: Rules): void {
  const { minQuantity, maxQuantity, minNotional, maxNotional } = rules;
  const minorPerTickLot = rules.tickSize.minor * rules.lotSize.minor;
  const largestExact = (BigInt(Number.MAX_SAFE_INTEGER) * minorPerTickLot) / MINOR_PER_UNIT;
  const faults = {
    lotSize: minorPerTickLot % MINOR_PER_UNIT !== 0n && "× tickSize has at most 8 decimal places",
    minSize: minQuantity > maxQuantity && "must not be above maxSize",
    maxSize: BigInt(maxQuantity) * rules.lotSize.minor > MAX_AMOUNT && "is too large to count",
    minNotional: minNotional > maxNotional && "must not be above maxNotional",
    maxNotional:
      (maxNotional > MAX_AMOUNT || maxNotional > largestExact) && "is too large for these steps",
  };
  const errors: FieldError[] = Object.entries(faults).flatMap(([field, message]) =>
    message === false ? [] : [{ field, rule: "combination", message }],
  );
  const [first] = errors;
  if (first === undefined) return;
  const { status, code, title } = rejected({ code: "invalid_instrument" });
  throw new Problem({ status, code, title, detail: `${first.field} ${first.message}`, errors });
}

function isStep(text: string, step: Increment): boolean {
  return countOf(text, step) === 1;
}

function stepsIn(text: string, step: Increment, field: string): number {
  const count = countOf(text, step);
  if (count !== undefined) return count;
  const message = "is not a multiple of the instrument's step";
  throw validationFailed([{ field, rule: "step", message }]);
}
