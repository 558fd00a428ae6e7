import { type Duration, duration, type Random, type Timestamp, textOf } from "@tse/domain";
import { Diffusion, type PricedAsset, type PriceModel } from "@tse/market-model";
import type { VenueView } from "@tse/venue";

/** The asset that all others are priced in. */
export const UNIT_OF_ACCOUNT = "USD";

const HALF_LIFE = 1.4 * 3_600_000_000;

const moving = (
  asset: string,
  start: number,
  volatility: number,
  bounds: readonly [number, number],
): PricedAsset => ({
  asset,
  start,
  lowest: bounds[0],
  highest: bounds[1],
  path: { mode: "gbm", volatility },
});

/** The start prices equal those of the default instruments. */
const ASSETS: readonly PricedAsset[] = [
  moving("BTC", 45_000, 0.5, [1_000, 200_000]),
  moving("ETH", 2_500, 0.68, [50, 20_000]),
  moving("SOL", 100, 0.92, [1, 2_000]),
  moving("ADA", 0.5, 0.9, [0.01, 10]),
  moving("DOT", 7, 0.88, [0.1, 200]),
  {
    asset: "USDT",
    start: 1,
    lowest: 0.9,
    highest: 1.1,
    path: { mode: "reverting", deviation: 0.000_13, halfLife: HALF_LIFE },
  },
];

const CORRELATIONS: Readonly<Record<string, number>> = {
  "BTC ETH": 0.845,
  "BTC SOL": 0.72,
  "BTC ADA": 0.72,
  "BTC DOT": 0.72,
  "ADA DOT": 0.79,
};
const OTHERWISE = 0.75;

function correlation(a: string, b: string): number {
  if (a === "USDT" || b === "USDT") return 0;
  return CORRELATIONS[`${a} ${b}`] ?? CORRELATIONS[`${b} ${a}`] ?? OTHERWISE;
}

/** Prices of the default world: correlated Brownian motion, and USDT pulled back to a dollar. */
export function defaultPrices(options: {
  readonly random: Random;
  readonly start: Timestamp;
  /** Time between two prices. */
  readonly interval: Duration;
  /** Where prices are in a world that goes on. */
  readonly prices?: ReadonlyMap<string, number>;
}): PriceModel {
  return new Diffusion({
    unitOfAccount: UNIT_OF_ACCOUNT,
    assets: ASSETS,
    correlation,
    step: duration(options.interval),
    start: options.start,
    random: options.random,
    ...(options.prices === undefined ? {} : { prices: options.prices }),
  });
}

/** What the venue last knew each asset to be worth, in the unit of account: empty for a new world. */
export function lastPrices(venue: VenueView): ReadonlyMap<string, number> {
  const prices = new Map<string, number>();
  for (const { asset } of ASSETS) {
    const instrument = venue.instrumentNamed(`${asset}/${UNIT_OF_ACCOUNT}`);
    if (instrument === undefined) continue;
    const price = textOf(venue.referencePrice(instrument.id), instrument.tickSize);
    prices.set(asset, Number(price));
  }
  return prices;
}
