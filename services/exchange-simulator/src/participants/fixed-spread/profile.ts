import { duration, type Instrument, lots, RATE_ONE } from "@tse/domain";
import type { FlowShape, QuoteShape } from "@tse/market-model";

/** How one instrument is made a market of: by one maker and one group of takers. */
export interface Profile {
  readonly quotes: QuoteShape;
  readonly flow: FlowShape;
}

/** Distances in basis points of the price, sizes in units of the base asset. */
interface Terms {
  readonly halfSpread: number;
  readonly reach: number;
  /** Sizes of the first and the last level. */
  readonly buy: readonly [number, number];
  readonly sell: readonly [number, number];
}

const BASIS_POINT = RATE_ONE / 10_000;
const LEVELS = 10;

/** At 45 000: 2.5 at 44 998.50 and 1.8 at 45 001.50; 25 at 44 950 and 22 at 45 050. */
const BTC: Terms = { halfSpread: 0.3333, reach: 11.1111, buy: [2.5, 25], sell: [1.8, 22] };
const ETH: Terms = { halfSpread: 2, reach: 20, buy: [24, 240], sell: [18, 210] };

const TERMS: Readonly<Record<string, Terms>> = {
  "BTC/USD": BTC,
  "BTC/USDT": BTC,
  "ETH/USD": ETH,
  "ETH/USDT": ETH,
  "SOL/USD": { halfSpread: 3, reach: 30, buy: [240, 2_400], sell: [180, 2_200] },
  "ADA/USD": { halfSpread: 4, reach: 40, buy: [16_000, 160_000], sell: [12_000, 145_000] },
  "DOT/USD": { halfSpread: 4, reach: 40, buy: [460, 4_600], sell: [340, 4_200] },
  "USDT/USD": { halfSpread: 0.5, reach: 10, buy: [100_000, 1_000_000], sell: [90_000, 900_000] },
  "ETH/BTC": { halfSpread: 4, reach: 40, buy: [12, 120], sell: [9, 105] },
};

/** Exponential gaps of 2 s cut at 5.5 s: about 32 arrivals a minute, and never fewer than ten. */
const MEAN_GAP = duration(2_000_000);
const LONGEST_GAP = duration(5_500_000);

/** Takers' sizes as shares of the smaller best quote: they rarely reach the second level. */
const MEDIAN_SHARE = 0.01;
const LARGEST_SHARE = 0.5;
const DEVIATION = 1.2;

const MINOR_PER_UNIT = 100_000_000;

/** The profile of an instrument of the default world; `undefined` for one listed later. */
export function profileOf(instrument: Instrument): Profile | undefined {
  const terms = TERMS[instrument.symbol];
  if (terms === undefined) return undefined;

  const inLots = (units: number) =>
    lots(Math.round((units * MINOR_PER_UNIT) / instrument.minorPerLot));
  const sizes = ([nearest, furthest]: readonly [number, number]) => ({
    nearest: inLots(nearest),
    furthest: inLots(furthest),
  });
  const touch = Math.min(terms.buy[0], terms.sell[0]);
  return {
    quotes: {
      levels: LEVELS,
      halfSpread: Math.round(terms.halfSpread * BASIS_POINT),
      reach: Math.round(terms.reach * BASIS_POINT),
      buy: sizes(terms.buy),
      sell: sizes(terms.sell),
    },
    flow: {
      meanGap: MEAN_GAP,
      longestGap: LONGEST_GAP,
      median: inLots(touch * MEDIAN_SHARE),
      deviation: DEVIATION,
      smallest: instrument.minQuantity,
      largest: inLots(touch * LARGEST_SHARE),
    },
  };
}
