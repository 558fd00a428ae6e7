import { deepEqual, equal, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import { type Command, type Sequence, timestamp } from "@tse/domain";
import { Venue } from "@tse/venue";
import fc from "fast-check";
import { CANDLE_INTERVALS, type CandleInterval } from "../../src/views/candle-interval.ts";
import { OrderHistory } from "../../src/views/orders.ts";
import { Statement } from "../../src/views/statement.ts";
import { Tape } from "../../src/views/tape.ts";
import { TransferHistory } from "../../src/views/transfers.ts";
import { OPTIONS, randomCommands, unitOf } from "./commands.ts";

const COMMANDS = 1_200;
const INTERVALS = Object.keys(CANDLE_INTERVALS) as CandleInterval[];
const NONE = 0 as Sequence;
const RUNS = { numRuns: 20 };

const anyCut = fc.record({
  seed: fc.nat(100_000),
  cut: fc.nat(COMMANDS),
  /** How far SQL is, as a share of the cut. */
  share: fc.nat(100).map((percent) => percent / 100),
});

/** The views of one venue, which they follow. */
class Views {
  readonly venue: Venue;
  readonly orders: OrderHistory;
  readonly transfers: TransferHistory;
  readonly statement: Statement;
  readonly tape: Tape;

  constructor(venue: Venue, bound: number) {
    this.venue = venue;
    this.orders = new OrderHistory(venue, bound);
    this.transfers = new TransferHistory(bound);
    this.statement = new Statement(venue, bound);
    this.tape = new Tape(venue);
  }

  get all() {
    return [this.orders, this.transfers, this.statement, this.tape];
  }

  apply(commands: readonly Command[]): void {
    for (const command of commands) {
      const unit = unitOf(this.venue, command);
      for (const view of this.all) view.record(unit);
    }
  }

  projected(sequence: Sequence): void {
    for (const view of this.all) view.projected(sequence);
  }

  /** These views after a restart that had the snapshot of now. */
  restarted(projected: Sequence, bound: number): Views {
    const saved = structuredClone({
      venue: this.venue.save(),
      orders: this.orders.save(projected),
      transfers: this.transfers.save(projected),
      statement: this.statement.save(projected),
      tape: this.tape.save(projected),
    });
    const views = new Views(Venue.restore(OPTIONS, saved.venue), bound);
    views.orders.restore(saved.orders);
    views.transfers.restore(saved.transfers);
    views.statement.restore(saved.statement);
    views.tape.restore(saved.tape);
    return views;
  }

  /** What they show of every account, as far as it changed in unit `from` or later, or lives. */
  shown(from: number) {
    return this.venue.accounts().map(({ number: account }) => ({
      orders: this.orders
        .list({ account })
        .filter(({ updatedBy, status }) => updatedBy >= from || /^(open|partial)$/.test(status)),
      open: this.orders.open(account),
      transfers: this.transfers.list(account).filter(({ sequence }) => sequence >= from),
      entries: this.statement.entries(account).filter(({ number }) => number >= from * 2 ** 20),
    }));
  }

  /** Everything on the tapes but trades beyond the newest 1,000. */
  tapes(): unknown {
    const now = timestamp(0);
    return this.venue.instruments().map(({ id }) => ({
      trades: this.tape.recent(id, 1_000),
      day: this.tape.day(id, now),
      candles: INTERVALS.map((interval) => this.tape.candles(id, interval, { now, limit: 500 })),
    }));
  }
}

describe("Views that were saved and restored, for random commands and any cut of them", () => {
  it("show what is not in SQL, what lives, and all candles, and go on as if never stopped", () => {
    fc.assert(
      fc.property(anyCut, ({ seed, cut, share }) => {
        const commands = randomCommands(seed, COMMANDS);
        const whole = new Views(new Venue(OPTIONS), 100_000);
        whole.apply(commands.slice(0, cut));
        const projected = Math.floor(share * cut) as Sequence;

        const restored = whole.restarted(projected, 100_000);

        deepEqual(restored.shown(projected + 1), whole.shown(projected + 1));
        deepEqual(restored.tapes(), whole.tapes());
        for (const view of [restored.orders, restored.transfers, restored.statement]) {
          equal(view.completeFrom, projected + 1);
        }
        for (const views of [whole, restored]) views.apply(commands.slice(cut));
        deepEqual(restored.shown(projected + 1), whole.shown(projected + 1));
        deepEqual(restored.tapes(), whole.tapes());
      }),
      RUNS,
    );
  });

  it("are not changed by what the saved ones or the restored ones do after", () => {
    const commands = randomCommands(7, COMMANDS);
    const views = new Views(new Venue(OPTIONS), 100_000);
    views.apply(commands.slice(0, 600));
    const save = () => [
      views.orders.save(NONE),
      views.transfers.save(NONE),
      views.statement.save(NONE),
      views.tape.save(NONE),
    ];
    const saved = save();
    const copy = structuredClone(saved);
    const other = new OrderHistory(views.venue);
    other.restore(saved[0] as ReturnType<OrderHistory["save"]>);

    for (const command of commands.slice(600)) {
      const unit = unitOf(views.venue, command);
      for (const view of [...views.all, other]) view.record(unit);
    }

    deepEqual(saved, copy);
  });
});

describe("Views with a bound, beside a projection that comes on by fits and starts", () => {
  const BOUND = 10;
  const steps = fc.array(
    fc.record({ commands: fc.integer({ min: 1, max: 300 }), lag: fc.nat(400) }),
    {
      minLength: 1,
      maxLength: 12,
    },
  );

  it("hold everything from `completeFrom` on, restarts included", () => {
    fc.assert(
      fc.property(fc.nat(100_000), steps, fc.boolean(), (seed, plan, restarts) => {
        const commands = randomCommands(seed, COMMANDS);
        const whole = new Views(new Venue(OPTIONS), 100_000);
        let bounded = new Views(new Venue(OPTIONS), BOUND);
        let at = 0;
        let projected = NONE;
        for (const { commands: count, lag } of plan) {
          const next = commands.slice(at, at + count);
          at += next.length;
          whole.apply(next);
          bounded.apply(next);
          projected = Math.max(projected, at - lag) as Sequence;
          bounded.projected(projected);
          if (restarts) bounded = bounded.restarted(projected, BOUND);

          const { orders, transfers, statement } = bounded;
          const from = Math.max(...[orders, transfers, statement].map((view) => view.completeFrom));
          deepEqual(bounded.shown(from), whole.shown(from));
        }
      }),
      RUNS,
    );
  });

  it("forget nothing that isn't in SQL while it is within four times the bound", () => {
    const commands = randomCommands(3, COMMANDS);
    const views = new Views(new Venue(OPTIONS), 100);
    views.projected(NONE);
    for (let at = 0; at < COMMANDS; at += 50) {
      views.apply(commands.slice(at, at + 50));
      views.projected(at as Sequence);
      for (const view of views.all)
        ok(view.completeFrom <= at + 1, `${view.constructor.name} ${at}`);
    }
  });
});
