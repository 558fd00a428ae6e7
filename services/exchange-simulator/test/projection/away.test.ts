import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { type AccountNumber, amount, type Sequence, timestamp } from "@tse/domain";
import type { ExchangeDataAdapter } from "@tse/exchange-data-adapter";
import type { LogEntry } from "@tse/journal";
import { silentLogger } from "@tse/service-kit";
import { StorageError } from "@tse/storage";
import { InlineProjection } from "../../src/projection/projection.ts";
import type { ProjectionState } from "../../src/projection/projection-runner.ts";
import type { ProjectionStep } from "../../src/projection/projector.ts";
import { Projecting, WORLD_ID } from "./projecting.ts";
import { journalOf, randomJournal } from "./random-journal.ts";
import { all, TARGETS, type Target } from "./targets.ts";

const COMMANDS = 24_000;
/** What is held while storage is away: one step on its way, one that is made, and one read of the journal. */
const HELD_MAX = 2 * 5_000 + 1_000;
const memory = TARGETS[0] as Target;

/** A journal of a customer who withdraws what he doesn't have, and now and then brings something. */
async function longJournal() {
  const { entries } = await randomJournal(1, 90);
  const time = entries.at(-1)?.time ?? timestamp(0);
  const origin = { actor: "key", correlationId: "" };
  const money = { account: 1 as AccountNumber, asset: 0, externalId: "", reason: "" } as never;
  const more = Array.from({ length: COMMANDS - entries.length }, (_, n): LogEntry => {
    const sequence = (entries.length + 1 + n) as Sequence;
    const kind = n % 50 === 0 ? "deposit" : "withdraw";
    const moved = amount(n % 50 === 0 ? 1n : 10n ** 23n);
    return {
      sequence,
      time,
      origin,
      command: { ...(money as object), kind, amount: moved } as never,
    };
  });
  return journalOf([...entries, ...more]);
}

/** An adapter that can be cut off. */
function cutable(adapter: ExchangeDataAdapter) {
  const state = { isAway: false };
  const transaction: ExchangeDataAdapter["transaction"] = async (work) => {
    if (state.isAway) throw new StorageError("storage_unavailable", "cut off");
    return adapter.transaction(work);
  };
  const connect = () => adapter.connect();
  const violations = () => adapter.violations();
  return { state, adapter: { ...adapter, transaction, connect, violations } };
}

describe("a projection whose storage is away", () => {
  it("holds two steps of the journal at most, and catches up in order", async () => {
    const { log, last } = await longJournal();
    const { state, adapter } = cutable(await memory.open());
    let readTo = 0;
    const reading = {
      firstSequence: log.firstSequence,
      async *read(from: Sequence) {
        for await (const run of log.read(from)) {
          readTo = run.at(-1)?.sequence ?? readTo;
          yield run;
        }
      },
    };
    state.isAway = true;
    let attempts = 0;
    const available = async () => {
      attempts += 1;
      await turn();
      if (attempts === 500) state.isAway = false;
      if (attempts === 500) ok(readTo <= HELD_MAX, `read up to ${readTo}`);
    };
    const projecting = await Projecting.start({ log: reading as never, last }, adapter, {
      available,
    });
    await projecting.upTo(last);

    equal(attempts, 500);
    const positions = projecting.steps.map(({ position }) => position);
    deepEqual(
      positions,
      [...positions].sort((one, other) => one - other),
    );
    deepEqual(positions.slice(0, 2), [5_000, 10_000]);
    equal((await projecting.verify()).holds, true);
    await projecting.stop();
  });

  it("waits, says so, ends when it is told to, and goes on at the next start", async () => {
    const { log, last } = await journalOf((await randomJournal(2, 300)).entries);
    const { state, adapter } = cutable(await memory.open());
    const states: ProjectionState[] = [];
    const waiting = Promise.withResolvers<void>();
    const stored = Promise.withResolvers<void>();
    const parts = {
      log,
      firstSequence: log.firstSequence,
      lastSequence: last,
      fromTheStart: true,
      snapshots: undefined,
      adapter,
      worldId: WORLD_ID,
    };
    const hooks = {
      logger: silentLogger,
      onStep: ({ units }: ProjectionStep) => {
        if (units > 0) stored.resolve();
      },
      onFailed: (error: StorageError) => {
        throw error;
      },
      onState: (now: ProjectionState) => {
        states.push(now);
        if (now === "waiting") waiting.resolve();
      },
    };
    state.isAway = true;
    const projection = new InlineProjection(parts, hooks);
    projection.start();
    projection.durable(last);
    await waiting.promise;
    const verdicts = [projection.verify(), projection.verify()];
    const refused = Promise.all(
      verdicts.map((verdict) => rejects(verdict, { code: "storage_unavailable" })),
    );
    await projection.stop();
    await refused;
    await rejects(projection.verify(), { code: "storage_unavailable" });
    deepEqual(states, ["running", "waiting"]);
    equal(await adapter.projectionRepository.get("exchange"), undefined);

    state.isAway = false;
    const again = new InlineProjection(parts, hooks);
    again.start();
    again.durable(last);
    await stored.promise;
    await again.stop();
    equal((await adapter.projectionRepository.get("exchange"))?.lastSequence, last);
  });
});

describe("the house's own trading", () => {
  it("is on the tape, and leaves no order, no trade and no lock", async () => {
    const journal = await randomJournal(13, 600);
    const adapter = await memory.open();
    const projecting = await Projecting.start(journal, adapter);
    await projecting.upTo(journal.last);
    await projecting.stop();
    const accounts = journal.venue.accounts();
    const house = new Set(
      accounts.filter(({ role }) => role !== "customer").map(({ id }): string => id),
    );
    ok(house.size > 1);

    const orders = await all((page) => adapter.orderRepository.query(page));
    const trades = await all((page) => adapter.tradeRepository.query(page));
    ok(orders.length > 0 && trades.length > 0);
    equal(orders.filter(({ accountId }) => house.has(accountId)).length, 0);
    equal(trades.filter(({ accountId }) => house.has(accountId)).length, 0);
    const prints = await all((page) =>
      adapter.tapeRepository.query({ ...page, symbol: "BTC/USD" }),
    );
    ok(prints.length > new Set(trades.map(({ matchId }) => matchId)).size / 3);
    for (const { number, id, role } of accounts) {
      if (role === "customer") continue;
      for (const {
        symbol,
        totalBalance,
        lockedBalance,
      } of await adapter.balanceRepository.getByAccount(id)) {
        const asset = journal.venue.assetNamed(symbol);
        ok(asset !== undefined);
        const { available, locked } = journal.venue.balance(number, asset);
        deepEqual([totalBalance, lockedBalance], [available + locked, 0n]);
      }
    }
  });
});
