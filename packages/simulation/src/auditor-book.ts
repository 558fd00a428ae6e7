import type { Instrument, Side } from "@tse/domain";

/** An order as the auditor believes it to be. */
export interface AuditedOrder {
  readonly seq: number;
  readonly account: number;
  readonly instrument: number;
  readonly side: Side;
  /** 0 for a market order. */
  readonly limit: number;
  /** 0 for an order sized by money. */
  quantity: number;
  filled: number;
  /** Paid or received so far, before fees. */
  filledQuote: bigint;
  isResting: boolean;
}

export function openOf({ quantity, filled }: AuditedOrder): number {
  return quantity - filled;
}

/** What an open order must have locked, in minor units of what it pays with. */
export function lockOf(order: AuditedOrder, instrument: Instrument): bigint {
  const open = BigInt(openOf(order));
  if (order.side === "sell") return open * BigInt(instrument.minorPerLot);
  return BigInt(order.limit) * open * BigInt(instrument.minorPerTickLot);
}

/** One side of a book, the plain way: a queue of orders at each price, and the prices in order. */
export class AuditedSide {
  readonly #side: Side;
  readonly #prices: number[] = [];
  readonly #queues = new Map<number, AuditedOrder[]>();

  constructor(side: Side) {
    this.#side = side;
  }

  /** 0: empty. */
  get best(): number {
    return this.#prices[0] ?? 0;
  }

  /** The order that must be filled next. */
  get first(): AuditedOrder | undefined {
    return this.#queues.get(this.best)?.[0];
  }

  /** Prices and their queues, best first. */
  *levels(): Generator<readonly [price: number, queue: readonly AuditedOrder[]]> {
    for (const price of this.#prices) yield [price, this.#queues.get(price) ?? []];
  }

  quantityAt(price: number): number {
    return (this.#queues.get(price) ?? []).reduce((sum, order) => sum + openOf(order), 0);
  }

  append(order: AuditedOrder): void {
    const queue = this.#queues.get(order.limit);
    if (queue !== undefined) {
      queue.push(order);
      return;
    }
    this.#queues.set(order.limit, [order]);
    this.#prices.splice(this.#rank(order.limit), 0, order.limit);
  }

  remove(order: AuditedOrder): void {
    const queue = this.#queues.get(order.limit) ?? [];
    const place = queue.indexOf(order);
    if (place >= 0) queue.splice(place, 1);
    if (queue.length > 0) return;
    this.#queues.delete(order.limit);
    this.#prices.splice(this.#rank(order.limit), 1);
  }

  /** How many prices are better than this one. */
  #rank(price: number): number {
    let low = 0;
    let high = this.#prices.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#prices[middle] as number;
      const isBetter = this.#side === "buy" ? other > price : other < price;
      if (isBetter) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Both sides of one instrument, and the levels touched by the unit in hand. */
export class AuditedBook {
  readonly buy = new AuditedSide("buy");
  readonly sell = new AuditedSide("sell");
  bookSequence = 0;
  readonly #touched = new Set<string>();
  readonly #touchedSides = new Set<Side>();

  side(side: Side): AuditedSide {
    return side === "buy" ? this.buy : this.sell;
  }

  touch(side: Side, price: number): void {
    this.#touched.add(`${side} ${price}`);
    this.#touchedSides.add(side);
  }

  /** Whether the unit touched the level and nobody asked yet. */
  takeTouched(side: Side, price: number): boolean {
    return this.#touched.delete(`${side} ${price}`);
  }

  /** The sides that the unit touched; forgets them. */
  takeSides(): Side[] {
    const sides = [...this.#touchedSides];
    this.#touchedSides.clear();
    return sides;
  }

  /** The touched levels that nobody asked about; forgets them. */
  takeRest(): string[] {
    const rest = [...this.#touched];
    this.#touched.clear();
    return rest;
  }
}
