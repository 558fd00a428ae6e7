import {
  type Amount,
  amount,
  countOf,
  increment,
  type ListInstrument,
  lots,
  parseAmount,
  RATE_ONE,
  type TradingRules,
  ticks,
} from "@tse/domain";

/** A listing as one reads it: decimals in units of base (sizes) and quote (prices and money). */
export interface InstrumentTerms {
  readonly baseAsset: string;
  readonly quoteAsset: string;
  readonly tickSize: string;
  readonly lotSize: string;
  readonly minSize: string;
  readonly maxSize: string;
  readonly minNotional: string;
  readonly startPrice: string;
}

const BTC = { tickSize: "0.01", lotSize: "0.00001", minSize: "0.0001", maxSize: "100" };
const ETH = { tickSize: "0.01", lotSize: "0.0001", minSize: "0.001", maxSize: "2000" };

/** What a new world lists, in this order. */
export const DEFAULT_INSTRUMENTS: readonly InstrumentTerms[] = [
  { baseAsset: "BTC", quoteAsset: "USD", ...BTC, minNotional: "5", startPrice: "45000" },
  { baseAsset: "ETH", quoteAsset: "USD", ...ETH, minNotional: "5", startPrice: "2500" },
  {
    baseAsset: "SOL",
    quoteAsset: "USD",
    tickSize: "0.01",
    lotSize: "0.001",
    minSize: "0.01",
    maxSize: "20000",
    minNotional: "5",
    startPrice: "100",
  },
  {
    baseAsset: "ADA",
    quoteAsset: "USD",
    tickSize: "0.0001",
    lotSize: "0.1",
    minSize: "1",
    maxSize: "2000000",
    minNotional: "5",
    startPrice: "0.5",
  },
  {
    baseAsset: "DOT",
    quoteAsset: "USD",
    tickSize: "0.001",
    lotSize: "0.01",
    minSize: "0.1",
    maxSize: "200000",
    minNotional: "5",
    startPrice: "7",
  },
  {
    baseAsset: "USDT",
    quoteAsset: "USD",
    tickSize: "0.0001",
    lotSize: "0.01",
    minSize: "1",
    maxSize: "1000000",
    minNotional: "5",
    startPrice: "1",
  },
  { baseAsset: "BTC", quoteAsset: "USDT", ...BTC, minNotional: "5", startPrice: "45000" },
  { baseAsset: "ETH", quoteAsset: "USDT", ...ETH, minNotional: "5", startPrice: "2500" },
  {
    baseAsset: "ETH",
    quoteAsset: "BTC",
    tickSize: "0.00001",
    lotSize: "0.001",
    minSize: "0.001",
    maxSize: "2000",
    minNotional: "0.0001",
    startPrice: "0.05555",
  },
];

/** Every asset of the default instruments, in order of listing. */
export const DEFAULT_ASSETS: readonly string[] = ["BTC", "ETH", "SOL", "ADA", "DOT", "USD", "USDT"];

const BASIS_POINT = RATE_ONE / 10_000;

/** The rules that every listing has which doesn't name its own. */
export const DEFAULT_RULES = {
  status: "trading",
  priceBand: 0.2 * RATE_ONE,
  priceMultiplierDown: 0.2 * RATE_ONE,
  priceMultiplierUp: 5 * RATE_ONE,
  maxOpenOrders: 200,
  maxSpread: 10 * BASIS_POINT,
  makerFee: 10 * BASIS_POINT,
  takerFee: 10 * BASIS_POINT,
} as const satisfies Partial<TradingRules>;

/** How far a price may rise from its start before an order of the largest size is worth too much. */
const PRICE_HEADROOM = 2n;
const MINOR_PER_UNIT = 10n ** 8n;

/** The command that lists an instrument under the rules that all default instruments share. */
export function listing(terms: InstrumentTerms): ListInstrument {
  const { baseAsset, quoteAsset, tickSize, lotSize } = terms;
  return {
    kind: "list_instrument",
    baseAsset,
    quoteAsset,
    tickSize,
    lotSize,
    startPrice: ticks(steps(terms.startPrice, tickSize)),
    rules: {
      ...DEFAULT_RULES,
      minQuantity: lots(steps(terms.minSize, lotSize)),
      maxQuantity: lots(steps(terms.maxSize, lotSize)),
      minNotional: money(terms.minNotional),
      maxNotional: maxNotional(terms),
    },
  };
}

/**
 * The largest size at twice the start price, in the quote asset: like the sizes, a guard against slips of
 * the decimal point, in proportion to the instrument. What an order may be worth in dollars is the venue's
 * own, tighter limit.
 */
function maxNotional({ maxSize, startPrice }: InstrumentTerms): Amount {
  return amount((money(maxSize) * money(startPrice) * PRICE_HEADROOM) / MINOR_PER_UNIT);
}

/** How many steps a decimal of a table in code is. */
function steps(text: string, step: string): number {
  const count = countOf(text, increment(step));
  if (count === undefined) throw new RangeError(`${text} is not a multiple of ${step}`);
  return count;
}

/** Money of a table in code. */
export function money(text: string): Amount {
  const value = parseAmount(text);
  if (value === undefined) throw new RangeError(`${text} is not an amount`);
  return value;
}
