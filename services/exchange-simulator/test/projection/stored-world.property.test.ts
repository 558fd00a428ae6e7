import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { duration } from "@tse/domain";
import { MemoryCommandLog } from "@tse/journal";
import { seededRandom, VirtualClock } from "@tse/simulation";
import type { Venue } from "@tse/venue";
import {
  entryOf,
  fillRecord,
  orderRecord,
  publicTrade,
  transferOf,
} from "../../src/archive/stored-records.ts";
import { newVenue } from "../../src/genesis.ts";
import { pagesOf } from "../../src/records/stored.ts";
import { Sequencer } from "../../src/sequencer.ts";
import { OrderHistory } from "../../src/views/orders.ts";
import { Statement } from "../../src/views/statement.ts";
import { Tape } from "../../src/views/tape.ts";
import { TransferHistory } from "../../src/views/transfers.ts";
import { TestArchive } from "../support/archive.ts";
import { START } from "../support/exchange.ts";
import { ExtremeCommands } from "./extreme-commands.ts";

const ACCOUNTS = 15;
const ALL = 1_000_000;

/** A world of its own, with everything that it did in views that forget nothing. */
async function worldOf(seed: string, commands: number) {
  const clock = new VirtualClock(START);
  const venue: Venue = newVenue();
  const log = new MemoryCommandLog();
  const onFatal = (error: unknown) => {
    throw error;
  };
  const exchange = new Sequencer({ venue, log, clock, onFatal });
  const orders = new OrderHistory(venue, ALL);
  const transfers = new TransferHistory(ALL);
  const statement = new Statement(venue, ALL);
  const tape = new Tape(venue, ALL);
  for (const view of [orders, transfers, statement, tape]) exchange.subscribe(view.record);
  const source = new ExtremeCommands(venue, seededRandom(seed), ACCOUNTS);
  const submit = (command: Parameters<typeof exchange.submit>[0]) =>
    exchange.submit(command, { actor: "test", correlationId: source.correlationId() });
  for (const command of source.opening()) await submit(command);
  for (let count = 0; count < commands; count += 1) {
    await clock.advance(duration(count % 3), () => exchange.durable());
    await submit(source.next());
  }
  return { venue, log, exchange, orders, transfers, statement, tape };
}

type World = Awaited<ReturnType<typeof worldOf>>;

async function all<Row>(pages: AsyncIterable<readonly Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const page of pages) rows.push(...page);
  return rows;
}

const PAGE = { limit: 1_000, sortOrder: "ASC" } as const;

/** Every record is what its row says. */
async function assertSame(world: World, { adapter }: TestArchive): Promise<void> {
  const { venue, orders, transfers, statement, tape } = world;
  const { orderRepository, tradeRepository, transferRepository } = adapter;
  const { ledgerRepository, tapeRepository } = adapter;
  const journals = new Map(
    (await all(pagesOf((query) => ledgerRepository.queryJournals(query), PAGE))).map((each) => [
      each.journalId,
      each,
    ]),
  );
  let compared = 0;
  for (const { number, id: accountId, role } of venue.accounts()) {
    if (role !== "customer") continue;
    const of = { ...PAGE, accountId };
    const storedOrders = await all(
      pagesOf((query) => orderRepository.query(query), { ...of, sortBy: "orderSeq" }),
    );
    assert.deepEqual(
      storedOrders.map((row) => orderRecord(row, venue)),
      orders.list({ account: number }).map(({ fills: _, ...order }) => ({
        ...order,
        updatedBy: 0,
        correlationId: order.correlationId.slice(0, 64),
      })),
    );
    const fills = await all(
      pagesOf((query) => tradeRepository.query(query), { ...of, sortBy: "tradeSeq" }),
    );
    assert.deepEqual(
      fills.map((row) => fillRecord(row, venue)),
      orders.fills(number),
    );
    const moved = await all(
      pagesOf((query) => transferRepository.query(query), { ...of, sortBy: "transferSeq" }),
    );
    const stored = (text: string) => text.replaceAll("\u0000", "\uFFFD").toWellFormed();
    assert.deepEqual(
      moved.map((row) => transferOf(row, venue)),
      transfers.list(number).map((transfer) => ({
        ...transfer,
        sequence: 0,
        externalId: stored(transfer.externalId),
        reason: stored(transfer.reason),
      })),
    );
    const entries = await all(pagesOf((query) => ledgerRepository.queryEntries(query), of));
    assert.deepEqual(
      entries.map((row) => entryOf(row, journals.get(row.journalId)!, venue)),
      statement.entries(number),
    );
    compared += storedOrders.length + fills.length + moved.length + entries.length;
  }
  for (const instrument of venue.instruments()) {
    const prints = await all(
      pagesOf((query) => tapeRepository.query(query), { ...PAGE, symbol: instrument.symbol }),
    );
    assert.deepEqual(
      prints.map((print) => publicTrade(print, instrument)),
      tape.recent(instrument.id, ALL).map((trade) => {
        const { sequence: _, ...seen } = trade as typeof trade & { sequence: number };
        return { ...seen, makerOrder: 0 };
      }),
    );
  }
  assert.ok(compared > 100, `${compared}`);
}

describe("a world of commands at the limits of what the venue takes", () => {
  for (const [kind, seeds, commands] of [
    ["memory", 6, 1_500],
    ["pglite", 2, 1_000],
  ] as const) {
    it(`is stored without a refusal, and read back as it was, in ${kind}`, async () => {
      for (let seed = 0; seed < seeds; seed += 1) {
        await using archive = await TestArchive.open(kind);
        const world = await worldOf(`stored ${seed}`, commands);
        archive.follow({ ...world, views: [] });
        const half = Math.floor(world.exchange.released / 2);
        await archive.store(half as typeof world.exchange.released);
        await archive.store(world.exchange.released);

        const verdict = await archive.verify();
        assert.deepEqual([seed, verdict.differences, verdict.audit.status], [seed, [], "intact"]);
        const found = Object.values(verdict.violations ?? {}).flat();
        assert.deepEqual(found, []);
        await assertSame(world, archive);
        await world.exchange.close();
      }
    });
  }
});
