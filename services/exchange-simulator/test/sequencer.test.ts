import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { describe, it } from "node:test";
import type { Sequence } from "@tse/domain";
import { type LogEntry, MemoryCommandLog } from "@tse/journal";
import { VirtualClock } from "@tse/simulation";
import { Venue } from "@tse/venue";
import { ExchangeStopped, type Unit } from "../src/exchange.ts";
import { Sequencer } from "../src/sequencer.ts";
import { START, startExchange, TEST_ORIGIN } from "./support/exchange.ts";

/** A disk that flushes when the test says so. */
function slowDisk() {
  const flushes: { batch: readonly LogEntry[]; resolve: () => void; reject: (e: Error) => void }[] =
    [];
  let arrived = () => {};
  let isHeld = false;
  const flush = (batch: readonly LogEntry[]): Promise<void> => {
    if (!isHeld) return Promise.resolve();
    return new Promise((resolve, reject) => {
      flushes.push({ batch, resolve, reject });
      arrived();
    });
  };
  return {
    log: new MemoryCommandLog({ flush }),
    flushes,
    hold: () => {
      isHeld = true;
    },
    /** Resolves when the next flush is under way. */
    async next() {
      while (flushes.length === 0) await new Promise<void>((resolve) => (arrived = resolve));
      const flush = flushes.shift();
      if (flush === undefined) throw new RangeError("a flush is under way");
      return flush;
    },
  };
}

const deposit = { asset: "USD", text: "10" } as const;

describe("Sequencer", () => {
  it("shows a unit to nobody before the journal has it", async () => {
    const disk = slowDisk();
    const exchange = await startExchange({ log: disk.log });
    const account = await exchange.open();
    const shown = exchange.units.length;
    disk.hold();

    let isAnswered = false;
    const answer = exchange.deposit(account, deposit.asset, deposit.text).then((unit) => {
      isAnswered = true;
      return unit;
    });
    const flush = await disk.next();

    equal(exchange.units.length, shown);
    equal(isAnswered, false);
    flush.resolve();
    const unit = await answer;
    equal(exchange.units.at(-1), unit);
  });

  it("gathers what arrives during an append into the next one, in order", async () => {
    const disk = slowDisk();
    const exchange = await startExchange({ log: disk.log });
    const account = await exchange.open();
    disk.hold();

    const first = exchange.deposit(account, "USD", "1");
    const flush = await disk.next();
    const rest = ["2", "3", "4"].map((text) => exchange.deposit(account, "USD", text));
    flush.resolve();
    await first;
    const batch = await disk.next();

    equal(batch.batch.length, 3);
    batch.resolve();
    const sequences = (await Promise.all(rest)).map(({ sequence }) => sequence);
    deepEqual(
      sequences,
      [...sequences].sort((one, other) => one - other),
    );
  });

  it("answers from the views as they stand at its unit, whatever shares the append", async () => {
    const started = await startExchange();
    const { orders, exchange, orderOf } = started;
    const maker = await started.open({ BTC: "1" });
    const taker = await started.open({ USD: "100000" });
    const terms = { symbol: "BTC/USD", quantity: "1", price: "45000" } as const;
    const statusThen = (unit: Unit) => {
      const accepted = unit.events.find((event) => event.kind === "order_accepted");
      return accepted === undefined ? undefined : orders.order(accepted.orderSeq)?.status;
    };

    const sides = [
      orderOf(maker, { ...terms, side: "sell" }),
      orderOf(taker, { ...terms, side: "buy" }),
    ];
    const statuses = sides.map((command) => exchange.submit(command, TEST_ORIGIN, statusThen));

    deepEqual(await Promise.all(statuses), ["open", "filled"]);
    deepEqual(
      orders.list({ account: maker.number }).map(({ status }) => status),
      ["filled"],
    );
  });

  it("rejects with what an answer throws, and goes on", async () => {
    const exchange = await startExchange();
    const refusal = new RangeError("no");
    const answer = exchange.exchange.submit(
      { kind: "list_asset", asset: "XRP" },
      TEST_ORIGIN,
      () => {
        throw refusal;
      },
    );

    await rejects(answer, refusal);
    ok((await exchange.open()).number > 0);
    deepEqual(exchange.failures, []);
  });

  it("holds a reader until what was read is durable, and no longer", async () => {
    const disk = slowDisk();
    const exchange = await startExchange({ log: disk.log });
    const account = await exchange.open();
    await exchange.exchange.durable();
    disk.hold();

    const answer = exchange.deposit(account, "USD", "1");
    let isDurable = false;
    const read = exchange.exchange.durable().then(() => {
      isDurable = true;
    });
    const flush = await disk.next();
    equal(isDurable, false);
    flush.resolve();
    await Promise.all([answer, read]);
    equal(isDurable, true);
  });

  it("acknowledges nothing after a failed append, and says so once", async () => {
    const disk = slowDisk();
    const exchange = await startExchange({ log: disk.log });
    const account = await exchange.open();
    disk.hold();
    const shown = exchange.units.length;

    const lost = [exchange.deposit(account, "USD", "1"), exchange.exchange.durable()];
    const flush = await disk.next();
    flush.reject(new Error("EIO"));

    for (const answer of lost) await rejects(answer, ExchangeStopped);
    await rejects(exchange.deposit(account, "USD", "1"), ExchangeStopped);
    await rejects(exchange.exchange.durable(), ExchangeStopped);
    equal(exchange.failures.length, 1);
    equal(exchange.units.length, shown);
  });

  it("stamps commands with world time that never goes backward and numbers without a gap", async () => {
    const exchange = await startExchange();
    const account = await exchange.open();
    await exchange.advance(1_500_000 as never);
    await exchange.deposit(account, "USD", "1");

    deepEqual(
      exchange.units.map(({ sequence }) => sequence),
      exchange.units.map((_, index) => index + 1),
    );
    equal(exchange.units.at(-1)?.time, START + 1_500_000);
  });

  it("repeats a journal: same units, same state", async () => {
    const log = new MemoryCommandLog();
    const live = await startExchange({ log });
    const account = await live.open({ USD: "100000", BTC: "1" });
    const other = await live.open({ USD: "100000" });
    await live.place(account, { symbol: "BTC/USD", side: "sell", quantity: "0.5", price: "45000" });
    await live.place(other, { symbol: "BTC/USD", side: "buy", quantity: "0.2" });
    await live.place(other, { symbol: "BTC/USD", side: "buy", quantity: "900" });

    const venue = new Venue({
      kycRequired: false,
      maxSubAccounts: 100,
      orderRate: undefined,
      maxOrderNotional: 100_000_000_000_000n as never,
      unitOfAccount: "USD",
    });
    const clock = new VirtualClock(START);
    const again = new Sequencer({ venue, log, clock, onFatal: () => {} });
    const units: Unit[] = [];
    again.subscribe((unit) => units.push(unit));
    await again.replay();

    deepEqual(units, live.units);
    deepEqual(venue.balances(account.number), live.venue.balances(account.number));
    equal(venue.sequence, live.venue.sequence);
    const next = await again.submit({ kind: "list_asset", asset: "XRP" }, TEST_ORIGIN);
    equal(next.sequence, (live.venue.sequence + 1) as Sequence);
  });

  it("settles what it took when it closes, then takes nothing", async () => {
    const exchange = await startExchange();
    const account = await exchange.open();
    const answer = exchange.deposit(account, "USD", "1");
    await exchange.exchange.close();
    await exchange.exchange.close();

    ok((await answer).rejection === undefined);
    await rejects(exchange.deposit(account, "USD", "1"), ExchangeStopped);
  });

  it("stops at a bug of our own", async () => {
    const exchange = await startExchange();
    await rejects(exchange.submit(undefined as never));
    equal(exchange.failures.length, 1);
    await rejects(exchange.submit({ kind: "list_asset", asset: "XRP" }), ExchangeStopped);
  });
});
