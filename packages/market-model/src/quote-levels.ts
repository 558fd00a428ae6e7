import {
  assert,
  type Lots,
  lots,
  RATE_ONE,
  type Rate,
  type Side,
  type Ticks,
  ticks,
} from "@tse/domain";

/** Quantities of the first and the last level of a side; those between grow geometrically. */
export interface Sizes {
  readonly nearest: Lots;
  readonly furthest: Lots;
}

/** How a maker of the profile `fixed-spread` spreads its quotes around the fair price. */
export interface QuoteShape {
  /** Levels a side, from 1. */
  readonly levels: number;
  /** Distance of the first level from the fair price. */
  readonly halfSpread: Rate;
  /** Distance of the last level. Distances between grow geometrically. */
  readonly reach: Rate;
  readonly buy: Sizes;
  readonly sell: Sizes;
}

/** What the shape meets at this moment. */
export interface QuoteConditions {
  readonly fair: Ticks;
  /** Widest distance of the best two quotes before `spreadMultiplier`. One tick is always allowed. */
  readonly maxSpread: Rate;
  readonly spreadMultiplier: number;
  /** Times the sizes: from 0, where no quote is left. */
  readonly liquidity: Readonly<Record<Side, number>>;
}

export interface Quote {
  readonly price: Ticks;
  readonly quantity: Lots;
}

/** Quotes of both sides, best first. */
export type QuoteLevels = Readonly<Record<Side, readonly Quote[]>>;

/**
 * The quotes of a shape, best first on both sides. Prices are rounded away from the fair price and
 * differ by at least a tick; sizes are rounded to the nearest lot, and a level without one is left out.
 * Pure: the same arguments give the same quotes.
 */
export function quoteLevels(shape: QuoteShape, conditions: QuoteConditions): QuoteLevels {
  assert(shape.levels >= 1, "a side has a level");
  const best = touch(shape, conditions);
  return { buy: side("buy", shape, conditions, best), sell: side("sell", shape, conditions, best) };
}

/** All that the levels offer, on the best one of each side. */
export function flattened(full: QuoteLevels): QuoteLevels {
  return { buy: onTheBest(full.buy), sell: onTheBest(full.sell) };
}

function side(of: Side, shape: QuoteShape, conditions: QuoteConditions, best: Touch): Quote[] {
  const { fair, liquidity, spreadMultiplier } = conditions;
  const sizes = shape[of];
  const step = outward(of);
  const quotes: Quote[] = [];
  let price: number = best[of];
  for (let level = 0; level < shape.levels; level++) {
    if (level > 0) {
      const distance = between(shape.halfSpread, shape.reach, level, shape.levels);
      const wished = away(fair, distance * spreadMultiplier, of);
      price = step * Math.max(step * wished, step * price + 1);
    }
    if (price < 1) break;
    const size = between(sizes.nearest, sizes.furthest, level, shape.levels);
    const quantity = Math.round(size * liquidity[of]);
    if (quantity > 0) quotes.push({ price: ticks(price), quantity: lots(quantity) });
  }
  return quotes;
}

type Touch = Readonly<Record<Side, number>>;

/** The best two prices: rounded outward, then drawn together until no wider than is allowed. */
function touch({ halfSpread }: QuoteShape, conditions: QuoteConditions): Touch {
  const { fair, maxSpread, spreadMultiplier } = conditions;
  const buy = away(fair, halfSpread * spreadMultiplier, "buy");
  const sell = away(fair, halfSpread * spreadMultiplier, "sell");
  const widest = Math.max(
    1,
    Math.floor((fair * maxSpread * Math.max(1, spreadMultiplier)) / RATE_ONE),
  );
  const excess = Math.max(0, sell - buy - widest);
  const off = Math.floor(excess / 2);
  return { buy: buy + (excess - off), sell: sell - off };
}

/** `distance` from the fair price on one side, rounded outward, at least a tick apart in all. */
function away(fair: Ticks, distance: Rate, of: Side): number {
  const far = (fair * distance) / RATE_ONE;
  return of === "buy" ? Math.floor(fair - far) : Math.max(Math.ceil(fair + far), fair + 1);
}

/** Prices of buys fall, those of sells rise, with each level. */
function outward(of: Side): 1 | -1 {
  return of === "buy" ? -1 : 1;
}

function between(first: number, last: number, level: number, levels: number): number {
  return levels === 1 ? first : first * (last / first) ** (level / (levels - 1));
}

function onTheBest(quotes: readonly Quote[]): Quote[] {
  const [best] = quotes;
  if (best === undefined) return [];
  const total = quotes.reduce((sum, { quantity }) => sum + quantity, 0);
  return [{ price: best.price, quantity: lots(total) }];
}
