import {
  countOf,
  type Increment,
  type Instrument,
  lots,
  parseDecimal,
  type Rate,
  type Ticks,
  type TradingRules,
  ticks,
} from "@tse/domain";
import { type FieldError, validationFailed } from "@tse/service-kit";
import { z } from "zod";
import { asset, decimal, money } from "../gateways/native/wire/scalars.ts";
import { fromWire, INSTRUMENT_STATUSES } from "../gateways/native/wire/words.ts";

const RATE_SCALE = 8;
const BASIS_POINT_SCALE = 4;

/** A share as a decimal: 0.001 is ten basis points. */
function rate(scale: number, max: number) {
  return z.string().transform((text, context): Rate => {
    const value = parseDecimal(text, scale);
    if (value !== undefined && value <= BigInt(max) * 10n ** BigInt(scale)) return Number(value);
    const message = `must be a decimal from 0 to ${max} with at most ${scale} decimal places`;
    context.addIssue({ code: "custom", message, params: { rule: "decimal" } });
    return z.NEVER;
  });
}

export const feeRate = rate(RATE_SCALE, 1);

/** What an operator may set at any time, and what is fixed when an instrument is listed. */
export const instrumentTerms = z.strictObject({
  status: z.enum(INSTRUMENT_STATUSES).optional(),
  minSize: decimal("Smallest quantity of an order.", "0.0001").optional(),
  maxSize: decimal("Largest quantity of an order.", "100").optional(),
  minNotional: money("Smallest price × quantity.", "5").optional(),
  maxNotional: money("Largest price × quantity.", "9000000").optional(),
  priceBand: rate(RATE_SCALE, 100).optional(),
  priceMultiplierDown: rate(RATE_SCALE, 100).optional(),
  priceMultiplierUp: rate(RATE_SCALE, 100).optional(),
  maxOpenOrders: z.int().min(1).max(1_000_000).optional(),
  maxSpreadBps: rate(BASIS_POINT_SCALE, 10_000).optional(),
  makerFeeRate: feeRate.optional(),
  takerFeeRate: feeRate.optional(),
  baseAsset: asset.optional(),
  quoteAsset: asset.optional(),
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

function isStep(text: string, step: Increment): boolean {
  return countOf(text, step) === 1;
}

function stepsIn(text: string, step: Increment, field: string): number {
  const count = countOf(text, step);
  if (count !== undefined) return count;
  const message = "is not a multiple of the instrument's step";
  throw validationFailed([{ field, rule: "step", message }]);
}
