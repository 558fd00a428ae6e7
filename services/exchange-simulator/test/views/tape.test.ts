import { deepEqual, equal } from "node:assert/strict";
import { describe, it } from "node:test";
import type {
  AccountNumber,
  Command,
  Instrument,
  InstrumentId,
  Sequence,
  Timestamp,
  Trade,
} from "@tse/domain";
import { amount } from "@tse/domain";
import type { PublicTrade } from "../../src/views/public-trade.ts";
import { Tape } from "../../src/views/tape.ts";
import { MINOR_PER_TICK_LOT, tradeOf } from "./trades.ts";

const BTC = 0 as InstrumentId;
const ETH = 1 as InstrumentId;
const SECOND = 1_000_000;

const venue = { instrument: () => ({ minorPerTickLot: MINOR_PER_TICK_LOT }) as Instrument };

/** A tape that saw one trade a second of each of `count` commands. */
function tapeOf(count: number, instrument = BTC): Tape {
  const tape = new Tape(venue);
  feed(tape, 0, count, instrument);
  return tape;
}

/** Trades numbered above `from`, up to `to`, each of a unit with the same number. */
function feed(tape: Tape, from: number, to: number, instrument = BTC): void {
  for (let index = from; index < to; index += 1) {
    const trade = tradeOf({ at: index * SECOND, price: 100, quantity: 1, takerSide: "buy" }, index);
    tape.record({
      sequence: (index + 1) as Sequence,
      time: trade.executedAt,
      origin: { actor: "", correlationId: "" },
      command: {} as Command,
      rejection: undefined,
      events: [tradeEvent(trade, instrument)],
    });
  }
}

function tradeEvent(trade: PublicTrade, instrument: InstrumentId): Trade {
  const { executedAt: _, ...match } = trade;
  const nobody = 1 as AccountNumber;
  const fees = { takerFee: amount(0n), makerFee: amount(0n) };
  return {
    kind: "trade",
    instrument,
    takerAccount: nobody,
    makerAccount: nobody,
    ...match,
    ...fees,
  };
}

const numbers = (trades: readonly PublicTrade[]): number[] =>
  trades.map(({ tradeSeq }) => tradeSeq);

describe("the tape", () => {
  it("shows the newest trades of an instrument, oldest first", () => {
    deepEqual(numbers(tapeOf(5).recent(BTC, 3)), [3, 4, 5]);
    deepEqual(numbers(tapeOf(5).recent(ETH, 3)), []);
  });

  it("shows what was executed between two times, both included", () => {
    const between = tapeOf(9).between(BTC, (3 * SECOND) as Timestamp, (5 * SECOND) as Timestamp);

    deepEqual(numbers(between), [4, 5, 6]);
  });

  it("has no candles and no statistics before the first trade", () => {
    deepEqual(tapeOf(0).candles(BTC, "1m", { now: 0 as Timestamp, limit: 10 }), []);
    equal(tapeOf(0).day(BTC, 0 as Timestamp), undefined);
  });

  it("saves the newest 1,000 trades, and those before that aren't in SQL, and says from where on", () => {
    const savedFrom = (tape: Tape, projected: number) => {
      const { reels, completeFrom } = structuredClone(tape.save(projected as Sequence));
      return [numbers(reels[0]?.trades ?? [])[0], completeFrom];
    };
    const tape = tapeOf(12_000);

    deepEqual(savedFrom(tape, 12_000), [11_001, 11_001]);
    deepEqual(savedFrom(tape, 9_000), [9_001, 9_001]);
    deepEqual(savedFrom(tape, 0), [2_001, 2_001]);
    deepEqual(savedFrom(tapeOf(500), 500), [1, 1]);
  });

  it("keeps beyond 10,000 what isn't in SQL, up to 40,000", () => {
    const tape = tapeOf(0);
    tape.projected(0 as Sequence);
    feed(tape, 0, 15_000);
    deepEqual([tape.recent(BTC, 100_000).length, tape.completeFrom], [15_000, 1]);

    tape.projected(4_000 as Sequence);
    deepEqual([tape.recent(BTC, 100_000).length, tape.completeFrom], [11_000, 4_001]);

    feed(tape, 15_000, 45_000);
    deepEqual([tape.recent(BTC, 100_000).length, tape.completeFrom], [40_000, 5_001]);
  });

  it("keeps the newest 10,000 trades and forgets no candle for it", () => {
    const tape = tapeOf(25_000);

    const trades = tape.recent(BTC, 100_000);
    equal(trades.length, 10_000);
    equal(trades.at(-1)?.tradeSeq, 25_000);
    equal(tape.day(BTC, (25_000 * SECOND) as Timestamp)?.trades, 25_000);
  });
});
