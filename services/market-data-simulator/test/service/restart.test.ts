import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { DirectoryInUse } from "@tse/journal";
import {
  archived,
  type Json,
  openSocket,
  type RunningService,
  startService,
} from "../support/running.ts";

let directory: string;
before(() => {
  directory = mkdtempSync(join(tmpdir(), "market-data-"));
});
after(() => rmSync(directory, { recursive: true }));

const start = () =>
  startService({
    JOURNAL: "file",
    STORE: "embedded",
    DATA_DIR: directory,
    DEFAULT_SYMBOLS: "BTC/USD",
  });

/** Every price of bitcoin by its sequence, from memory and storage. */
async function history({ api }: RunningService): Promise<Map<number, string>> {
  const prices = new Map<number, string>();
  let cursor = "";
  do {
    const { body } = await api(`/prices/BTC/history?limit=500${cursor}`);
    for (const { sequence, price } of body.ticks) prices.set(sequence, price);
    cursor = body.nextCursor === null ? "" : `&cursor=${body.nextCursor}`;
  } while (cursor !== "");
  return prices;
}

async function closedCandles({ api }: RunningService): Promise<readonly Json[]> {
  const { body } = await api("/prices/BTC/history?interval=5m&limit=500");
  return body.candles.filter(({ isClosed }: Json) => isClosed);
}

/** A market of an hour, with one price and two halts of an operator. */
async function firstLife() {
  await using service = await start();
  for (const symbol of ["USDT-USD", "BTC-USDT"]) {
    await service.admin("PUT", `/admin/symbols/${symbol}`, { active: false });
  }
  await service.advance("61m");
  await service.admin("POST", "/admin/prices/BTC-USD", { price: "44000" });
  await service.advance("90s");
  await archived(service);
  await assert.rejects(() => start(), DirectoryInUse);
  return { seen: await history(service), candles: await closedCandles(service) };
}

describe("A market that is started again", () => {
  it("goes on where it was, with everything that clients saw in storage and in memory", async () => {
    const { seen, candles } = await firstLife();
    assert.equal(seen.size, 3_752);
    assert.equal(seen.get(3_662), "44000.00");

    await using service = await start();
    const socket = await openSocket(`${service.ws}/api/v1/ws`);
    const channels = [{ channel: "price", symbol: "BTC/USD", resumeAfter: 3_745 }];
    await socket.ask({ op: "subscribe", channels });
    await service.advance("10s");
    const events = await socket.until("price", 3_762);
    assert.deepEqual(
      events.map(({ sequence, skipped }) => [sequence, skipped]),
      Array.from({ length: 17 }, (_, index) => [3_746 + index, 0]),
    );
    for (const { sequence, data } of events.slice(0, 7)) {
      assert.equal(data.price, seen.get(sequence));
    }
    await archived(service);
    const again = await history(service);
    assert.equal(again.size, 3_762);
    for (const [sequence, price] of seen) assert.equal(again.get(sequence), price);
    assert.deepEqual(await closedCandles(service), candles);
    const { body } = await service.api("/prices/USDT");
    assert.deepEqual([body.state, body.sequence, body.price], ["halted", 1, "1.0000"]);
    socket.close();
  });
});
