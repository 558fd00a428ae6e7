import { deepEqual, equal, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import { type Command, type InstrumentId, type Sequence, timestamp } from "@tse/domain";
import { type LogEntry, MemoryCommandLog } from "@tse/journal";
import { silentLogger } from "@tse/service-kit";
import { VirtualClock } from "@tse/simulation";
import { Venue } from "@tse/venue";
import fc from "fast-check";
import {
  type ExchangeState,
  ExchangeViews,
  saveExchange,
} from "../../src/recovery/exchange-views.ts";
import { repeatJournal } from "../../src/recovery/replay.ts";
import { Sequencer } from "../../src/sequencer.ts";
import { MarketStreams } from "../../src/streams/market-streams.ts";
import { START } from "../support/exchange.ts";
import { OPTIONS, randomCommands } from "../views/commands.ts";

const COMMANDS = 1_000;
const STEP = 300_000;
const NONE = 0 as Sequence;

/** The random commands as they are journaled; every third order came as a request that acts once. */
function journal(seed: number): readonly LogEntry[] {
  return randomCommands(seed, COMMANDS).map((command, index) => ({
    sequence: (index + 1) as Sequence,
    time: timestamp(START + index * STEP),
    origin: { actor: "test", correlationId: `c-${index}`, ...requestOf(command, index) },
    command,
  }));
}

function requestOf(command: Command, index: number) {
  if (command.kind !== "place_order" || index % 3 !== 0) return {};
  // The fuzz names accounts that don't exist, and instruments: their answers have other tests.
  if (command.account <= 0 || command.instrument !== 0) return {};
  const { account } = command;
  return { request: { account, key: `k-${index}`, hash: "h", reply: "orders.place" } };
}

/** An exchange that repeated the whole journal, keeping the outcome of the last `kept` commands. */
async function repeated(
  entries: readonly LogEntry[],
  { kept, state }: { readonly kept: number; readonly state?: ExchangeState },
) {
  const log = new MemoryCommandLog();
  if (entries.length > 0) await log.append(entries);
  const venue = state === undefined ? new Venue(OPTIONS) : Venue.restore(OPTIONS, state.venue);
  const clock = new VirtualClock(timestamp(START));
  const exchange = new Sequencer({ venue, log, clock, onFatal: () => {} });
  const views = new ExchangeViews(venue);
  if (state !== undefined) views.restore(state);
  for (const view of views.all) exchange.subscribe(view.record);
  const { tape, orders } = views;
  const markets = new MarketStreams({ exchange, tape });
  exchange.subscribe((unit) => markets.record(unit));

  const last = entries.length as Sequence;
  const streams = { goOn: () => markets.goOn(), recovered: () => markets.recovered() };
  await repeatJournal({ exchange, views, streams, last, kept, logger: silentLogger });

  return {
    venue,
    views,
    /** As a snapshot of now has it, when SQL has everything up to `projected`. */
    saved: (projected: Sequence): ExchangeState =>
      structuredClone(saveExchange({ venue, views, time: exchange.lastTime }, projected)),
    /** What everybody may ask of it, as far as it changed after `sequence` or lives. */
    shown: (sequence: number) => ({
      accounts: venue.accounts().map(({ number: account }) => ({
        orders: orders
          .list({ account })
          .filter(({ updatedBy, status }) => updatedBy > sequence || /open|partial/.test(status)),
        open: orders.open(account),
        entries: views.statement
          .entries(account)
          .filter(({ number }) => number >= (sequence + 1) * 2 ** 20),
        transfers: views.transfers.list(account).filter((each) => each.sequence > sequence),
      })),
      markets: venue.instruments().map(({ id }) => ({
        trades: tape.recent(id, 1_000),
        day: tape.day(id, timestamp(0)),
        heads: headsOf(markets, id),
      })),
      allTrades: markets.allTrades.stream.head,
      replies: views.replies.save(NONE),
    }),
  };
}

function headsOf(markets: MarketStreams, id: InstrumentId) {
  const { orderbook, trades, ticker } = markets.of(id);
  return [orderbook.stream.head, trades.stream.head, ticker.stream.head];
}

const anyReplay = fc.record({
  seed: fc.nat(100_000),
  kept: fc.nat(COMMANDS - 1),
  /** Where the snapshot is, as a share of what is not kept. */
  share: fc.nat(100).map((percent) => percent / 100),
});

describe("A replay that keeps only the end, from any command and from any snapshot", () => {
  it("leaves the same state, live orders, candles, answers and stream numbers as one that keeps all", async () => {
    let orders = 0;
    let replies = 0;
    await fc.assert(
      fc.asyncProperty(anyReplay, async ({ seed, kept, share }) => {
        const entries = journal(seed);
        const passed = entries.length - kept;
        const snapshotAt = Math.floor(share * passed);
        const whole = await repeated(entries, { kept: COMMANDS });
        const early = await repeated(entries.slice(0, snapshotAt), { kept: COMMANDS });

        const short = await repeated(entries, { kept });
        const resumed = await repeated(entries, {
          kept,
          state: early.saved(Math.floor(snapshotAt / 2) as Sequence),
        });

        for (const { venue, shown, views } of [short, resumed]) {
          equal(venue.stateHash(), whole.venue.stateHash());
          deepEqual(shown(passed), whole.shown(passed));
          ok(views.orders.completeFrom <= passed + 1);
          ok(views.statement.completeFrom <= passed + 1);
          ok(views.tape.completeFrom <= passed + 1);
        }
        for (const { open } of whole.shown(COMMANDS).accounts) orders += open.length;
        replies += whole.views.replies.size;
      }),
      { numRuns: 30 },
    );
    ok(
      orders > 100 && replies > 1_000,
      `${orders} live orders and ${replies} answers were compared`,
    );
  });
});
