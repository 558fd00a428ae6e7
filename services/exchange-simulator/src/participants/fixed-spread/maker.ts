import {
  type Clock,
  type Duration,
  duration,
  type Instrument,
  type InstrumentId,
  type Side,
  type Ticks,
  type Timer,
  ticks,
} from "@tse/domain";
import {
  flattened,
  type Quote,
  type QuoteLevels,
  type QuoteShape,
  quoteLevels,
} from "@tse/market-model";
import type { VenueView } from "@tse/venue";
import type { Conditions } from "../conditions.ts";
import type { Inventory } from "../inventory.ts";
import { largestOrder, type OrderLimits } from "../order-limit.ts";
import type { Trader } from "../trader.ts";
import { requote, split } from "./requote.ts";

export interface MakerParts {
  readonly venue: VenueView;
  readonly clock: Clock;
  readonly trader: Trader;
  readonly instrument: InstrumentId;
  readonly shape: QuoteShape;
  readonly inventory: Inventory;
  readonly conditions: Conditions;
  readonly settings: MakerSettings;
}

export interface MakerSettings extends OrderLimits {
  /** Off: everything is offered on the best level. */
  readonly slippage: boolean;
}

export interface MakerState {
  readonly quoting: boolean;
  /** The fair price that it quotes around, its inventory's skew included. */
  readonly fair: Ticks | undefined;
  /** Times that it looked over its quotes. */
  readonly rounds: number;
}

/** Shortest time between two rounds. */
const SHORTEST_PAUSE = duration(100_000);
/** A level that was hit is filled up again after this long. */
const REFILL_AFTER = duration(250_000);
/** Together below the default limit of 200 live orders. */
const ORDERS_A_SIDE = 80;

/**
 * A maker of the profile `fixed-spread`: quotes levels around the feed's price, follows each price,
 * fills up what was taken, and withdraws without a feed. Draws no chance: the same prices and fills
 * give the same quotes.
 *
 * A round compares the orders that live with those that should, and sends the difference. It looks at
 * the venue every time and remembers nothing, so that nothing that happens to its orders can confuse it.
 */
export class Maker {
  readonly #parts: MakerParts;
  #fair: Ticks | undefined;
  #rounds = 0;
  #previous: Ticks | undefined;
  /** World time before which no round begins. */
  #pausedUntil = 0;
  #wake: { readonly due: number; readonly timer: Timer } | undefined;

  constructor(parts: MakerParts) {
    this.#parts = parts;
  }

  /** The feed's price is now `price`. */
  follow(price: Ticks): void {
    this.#fair = price;
    this.#wakeIn(duration(0));
  }

  /** The feed is silent: no price is known to be fair. */
  withdraw(): void {
    this.#fair = undefined;
    this.#wakeIn(duration(0));
  }

  /** One of its orders traded. */
  hit(): void {
    this.#wakeIn(REFILL_AFTER);
  }

  stop(): void {
    this.#wake?.timer.cancel();
    this.#wake = undefined;
  }

  state(): MakerState {
    return { quoting: this.#fair !== undefined, fair: this.#previous, rounds: this.#rounds };
  }

  /** At the earliest after `delay`; now when that is now. An earlier appointment stands. */
  #wakeIn(delay: Duration): void {
    const now = this.#parts.clock.now();
    const due = Math.max(now + delay, this.#pausedUntil);
    if (this.#wake !== undefined && this.#wake.due <= due) return;

    this.stop();
    if (due <= now) this.#round(now);
    else {
      const timer = this.#parts.clock.after(duration(due - now), () => {
        this.#wake = undefined;
        this.#round(this.#parts.clock.now());
      });
      this.#wake = { due, timer };
    }
  }

  #round(now: number): void {
    const { venue, trader, inventory, instrument: id } = this.#parts;
    this.#pausedUntil = now + SHORTEST_PAUSE;
    this.#rounds += 1;
    const instrument = venue.instrument(id);
    if (this.#fair === undefined) {
      if (venue.liveOrders(trader.account, id).length === 0) return;
      void trader.send({ kind: "cancel_all_orders", account: trader.account, instrument: id });
    } else if (instrument.status === "trading") {
      this.#quote(instrument, ticks(Math.max(1, this.#fair + inventory.skew(this.#fair))));
    }
  }

  #quote(instrument: Instrument, fair: Ticks): void {
    const { venue, trader } = this.#parts;
    const live = venue.liveOrders(trader.account, instrument.id);
    const wanted = this.#wanted(instrument, fair);
    // Away from the new price first, so that a quote never meets one of the other side.
    const rising = fair > (this.#previous ?? fair);
    const order: readonly Side[] = rising ? ["sell", "buy"] : ["buy", "sell"];
    this.#previous = fair;
    for (const side of order) {
      const own = live.filter((one) => one.side === side);
      const desk = { account: trader.account, instrument: instrument.id };
      for (const command of requote(desk, side, own, wanted[side])) void trader.send(command);
    }
  }

  #wanted(instrument: Instrument, fair: Ticks): QuoteLevels {
    const { venue, shape, inventory, conditions, settings } = this.#parts;
    const factor = conditions.liquidityFactor(instrument.symbol);
    const affordable = inventory.affordable(shape, fair);
    const full = quoteLevels(shape, {
      fair,
      maxSpread: instrument.maxSpread,
      spreadMultiplier: conditions.spreadMultiplier(instrument.symbol),
      liquidity: { buy: factor * affordable.buy, sell: factor * affordable.sell },
    });
    const shown = settings.slippage ? full : flattened(full);
    const largest = largestOrder(venue, instrument, settings);
    const orders = (quotes: readonly Quote[]): Quote[] => {
      const most = Math.floor(ORDERS_A_SIDE / Math.max(1, quotes.length));
      const worthwhile = quotes.filter((quote) => isAllowed(instrument, quote));
      return split(worthwhile, largest, most);
    };
    return { buy: orders(shown.buy), sell: orders(shown.sell) };
  }
}

/** Whether the instrument's minima let the quote be an order. */
function isAllowed(instrument: Instrument, { price, quantity }: Quote): boolean {
  const notional = price * quantity * instrument.minorPerTickLot;
  return quantity >= instrument.minQuantity && notional >= Number(instrument.minNotional);
}
