import { assert, type Lots, type Ticks } from "@tse/domain";
import type { Ledger } from "../ledger/ledger.ts";
import { Money } from "../ledger/money.ts";
import type { Market } from "../listings/market.ts";
import { Incoming } from "./incoming.ts";

/** The last check of an order: whether its account can pay for it. */
export class Funds {
  readonly #ledger: Ledger;
  readonly #need = new Money();
  readonly #part = new Money();
  #incoming = new Incoming();
  #market: Market | undefined;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /**
   * Whether available money covers a limit order at its limit, or what a market order would execute
   * now: finding nothing to execute costs nothing.
   */
  suffice(incoming: Incoming, market: Market): boolean {
    this.#setNeed(incoming, market);
    return this.#canPay(incoming, market);
  }

  /** As `suffice`, counting what the order to be replaced has locked. */
  sufficeWith(locked: Money, incoming: Incoming, market: Market): boolean {
    this.#setNeed(incoming, market);
    if (this.#need.isAtMost(locked.high, locked.low)) return true;
    this.#need.subtract(locked);
    return this.#canPay(incoming, market);
  }

  #canPay({ owner, side }: Incoming, market: Market): boolean {
    return this.#ledger.canPay(this.#ledger.cell(owner, market.paidWith(side)), this.#need);
  }

  #setNeed(incoming: Incoming, market: Market): void {
    if (incoming.rests) {
      market.setCost(this.#need, incoming.side, incoming.limit, incoming.quantity);
      return;
    }
    this.#need.clear();
    this.#incoming = incoming;
    this.#market = market;
    market.book.preview(incoming, this.#addLevel);
  }

  readonly #addLevel = (price: Ticks, quantity: Lots): void => {
    assert(this.#market !== undefined, "a preview is of one market");
    this.#market.setCost(this.#part, this.#incoming.side, price, quantity);
    this.#need.add(this.#part);
  };
}
