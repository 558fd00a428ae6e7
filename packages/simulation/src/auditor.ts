import type {
  AssetId,
  BalanceChanged,
  InstrumentId,
  LevelChanged,
  Side,
  TransferCompleted,
  VenueEvent,
} from "@tse/domain";
import type { VenueView } from "@tse/venue";
import { type AuditedBook, openOf } from "./auditor-book.ts";
import { AuditedMoney } from "./auditor-money.ts";
import { AuditedOrders } from "./auditor-orders.ts";
import { AuditReport, type Violation } from "./auditor-report.ts";
import { ShownMoney } from "./auditor-shown.ts";
import { auditSide, auditVenue } from "./auditor-venue.ts";

const VENUE_ACCOUNT = 0;
const SIDES = ["buy", "sell"] as const;

/**
 * Follows a venue by its events with a model of its own, plain and slow, and tells where the venue,
 * its events and the rules disagree. It begins with the venue as it is: one that has done nothing yet, or
 * one restored from a state, whose balances and orders are then what everything after is measured by.
 *
 * `follow` checks the events of one command and everything it touched; `checkAll` compares everything
 * there is. What only `checkAll` finds: a change of what no event of the unit names.
 */
export class Auditor {
  readonly #view: VenueView;
  readonly #report = new AuditReport();
  readonly #money = new AuditedMoney();
  readonly #shown: ShownMoney;
  readonly #orders: AuditedOrders;

  constructor(view: VenueView) {
    this.#view = view;
    this.#shown = new ShownMoney(view);
    this.#orders = new AuditedOrders(view, this.#money, this.#report);
    this.#beginMoney();
  }

  #beginMoney(): void {
    for (const { id } of this.#view.assets()) {
      this.#money.beginSupply(id, this.#view.supply(id));
      for (const account of this.#accounts()) {
        const { available, locked } = this.#shown.read(account, id);
        this.#money.begin(account, id, available + locked);
      }
    }
  }

  #accounts(): number[] {
    return [VENUE_ACCOUNT, ...this.#view.accounts().map(({ number }) => number)];
  }

  /**
   * Takes one command's events, all of them, and returns what is wrong, compared with the venue:
   *
   * - every event with the model: whose turn it was, prices, fees, numbers, ends, levels, balances;
   * - every order that the unit names, as it is shown;
   * - every balance of every account that the unit touched, and the venue's own: it is the sum of its
   *   postings, not negative, and locks what the account's open orders need;
   * - for every asset, what all balances add up to as each was shown last, the supply that is shown, and
   *   deposits less withdrawals: all three are the same;
   * - both best prices of every book, which isn't crossed, and of each side that the unit touched every
   *   order in turn, with its open quantity, and every level.
   *
   * Takes time in proportion to the events, the assets, and the orders of the sides touched.
   */
  follow(unit: Iterable<VenueEvent>): readonly Violation[] {
    const levels: LevelChanged[] = [];
    const balances: BalanceChanged[] = [];
    const accounts = new Set<number>([VENUE_ACCOUNT]);
    for (const event of unit) {
      if (event.kind === "order_accepted") accounts.add(event.order.account);
      if (event.kind === "level_changed") levels.push(event);
      else if (event.kind === "balance_changed") balances.push(event);
      else this.#take(event, levels.length + balances.length > 0);
    }
    this.#orders.endUnit();
    this.#checkLevels(levels);
    this.#checkReports(balances, accounts);
    this.#checkMoney(accounts);
    return this.#report.take();
  }

  /**
   * Compares every balance and queue of the venue with the model, and with the rules all that can be told
   * from its state alone: see `auditVenue`. Takes time in proportion to accounts and live orders.
   */
  checkAll(): readonly Violation[] {
    this.#checkMoney(this.#accounts());
    for (const [instrument, book] of this.#orders.books()) {
      for (const side of SIDES) this.#compareSide(instrument, side, book);
    }
    return [...this.#report.take(), ...auditVenue(this.#view)];
  }

  #take(event: VenueEvent, comesLate: boolean): void {
    this.#report.check(!comesLate, "event_stream", () => `${event.kind} comes after the new state`);
    switch (event.kind) {
      case "order_accepted":
        this.#orders.accepted(event);
        break;
      case "order_rejected":
        this.#orders.numbered(event.orderSeq);
        break;
      case "trade":
        this.#orders.trade(event);
        break;
      case "self_trade_prevented":
        this.#orders.prevented(event);
        break;
      case "order_reduced":
        this.#orders.reduced(event);
        break;
      case "order_closed":
        this.#orders.closed(event);
        break;
      case "transfer_completed":
        this.#transferred(event);
    }
  }

  #transferred({ from, to, asset, amount, repeated }: TransferCompleted): void {
    if (repeated) return;
    this.#money.move(from, asset, -amount);
    this.#money.move(to, asset, amount);
  }

  #checkLevels(levels: readonly LevelChanged[]): void {
    for (const { instrument, side, price, quantity, bookSequence } of levels) {
      const book = this.#orders.book(instrument);
      const level = `${side} ${price} of instrument ${instrument}`;
      book.bookSequence += 1;
      const { bookSequence: next } = book;
      this.#report.check(
        bookSequence === next,
        "event_stream",
        () => `${level} has number ${bookSequence}, not ${next}`,
      );
      const isDue = book.takeTouched(side, price);
      this.#report.check(isDue, "event_stream", () => `${level} is reported and wasn't touched`);
      const expected = book.side(side).quantityAt(price);
      this.#report.check(
        quantity === expected,
        "event_stream",
        () => `${level} is ${expected}, reported ${quantity}`,
      );
    }
    for (const [instrument, book] of this.#orders.books()) {
      this.#checkTouch(instrument as InstrumentId, book);
      for (const side of book.takeSides()) {
        auditSide(
          this.#view,
          this.#view.instrument(instrument as InstrumentId),
          side,
          this.#report,
        );
        this.#compareSide(instrument, side, book);
      }
    }
  }

  #checkTouch(instrument: InstrumentId, book: AuditedBook): void {
    for (const level of book.takeRest()) {
      this.#report.check(
        false,
        "event_stream",
        () => `${level} of instrument ${instrument} isn't reported`,
      );
    }
    const bid = this.#view.bestBid(instrument);
    const ask = this.#view.bestAsk(instrument);
    const isBest = bid === book.buy.best && ask === book.sell.best;
    this.#report.check(
      isBest,
      "view",
      () =>
        `instrument ${instrument} shows ${bid}/${ask}, it is ${book.buy.best}/${book.sell.best}`,
    );
    const isCrossed = bid !== 0 && ask !== 0 && bid >= ask;
    this.#report.check(
      !isCrossed,
      "crossed_book",
      () => `instrument ${instrument} shows ${bid}/${ask}`,
    );
  }

  /** Checks that each balance that moved is told once, as it is; adds their accounts to `accounts`. */
  #checkReports(changes: readonly BalanceChanged[], accounts: Set<number>): void {
    const reported = new Set(changes.map(({ account, asset }) => `${account} ${asset}`));
    this.#report.check(
      reported.size === changes.length,
      "event_stream",
      () => "a balance is reported twice",
    );
    for (const { account, asset, available, locked } of changes) {
      accounts.add(account);
      const { total, locked: expected } = this.#money.of(account, asset);
      const isRight = available === total - expected && locked === expected;
      this.#report.check(isRight, "event_stream", () => {
        return `balance ${account}/${asset} is ${total - expected}+${expected}, reported ${available}+${locked}`;
      });
    }
    for (const { account, asset } of this.#money.takeTouched()) {
      const isReported = reported.has(`${account} ${asset}`);
      this.#report.check(
        isReported,
        "event_stream",
        () => `balance ${account}/${asset} isn't reported`,
      );
      accounts.add(account);
    }
  }

  /** Checks every balance of the accounts, and what all balances of each asset add up to. */
  #checkMoney(accounts: Iterable<number>): void {
    const assets = this.#view.assets();
    for (const account of accounts) {
      for (const { id } of assets) this.#checkBalance(account, id);
    }
    for (const { id } of assets) this.#checkSupply(id);
  }

  #checkBalance(account: number, asset: AssetId): void {
    const { total, locked } = this.#money.of(account, asset);
    const shown = this.#shown.read(account, asset);
    const name = `balance ${account}/${asset}`;
    const sum = shown.available + shown.locked;
    this.#report.check(
      sum === total,
      "conservation",
      () => `${name} is ${sum}, its postings add up to ${total}`,
    );
    this.#report.check(
      shown.locked === locked,
      "locked",
      () => `${name} locks ${shown.locked}, its orders need ${locked}`,
    );
    const isPossible = shown.available >= 0n && shown.locked >= 0n;
    this.#report.check(
      isPossible,
      "negative_balance",
      () => `${name} is ${shown.available}+${shown.locked}`,
    );
  }

  #checkSupply(asset: AssetId): void {
    const expected = this.#money.supply(asset);
    const shown = this.#view.supply(asset);
    const sum = this.#shown.sum(asset);
    this.#report.check(
      shown === expected && sum === expected,
      "conservation",
      () => `accounts hold ${sum} of asset ${asset}, it has ${shown}, ${expected} came in`,
    );
  }

  #compareSide(instrument: number, side: Side, book: AuditedBook): void {
    const expected = [...book.side(side).levels()].flatMap(([, queue]) => queue);
    const shown = this.#view.queue(instrument as InstrumentId, side);
    const areEqual =
      shown.length === expected.length &&
      shown.every((order, place) => {
        const model = expected[place];
        return (
          order.orderSeq === model?.seq &&
          order.quantity === model.quantity &&
          order.open === openOf(model)
        );
      });
    this.#report.check(
      areEqual,
      "view",
      () => `the ${side} queue of instrument ${instrument} isn't what its orders make`,
    );
  }
}
