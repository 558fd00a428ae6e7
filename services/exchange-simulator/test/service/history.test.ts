import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { type Answer, call, type RunningService, startService } from "./running.ts";

const ORDERS = 12;

const get = (world: RunningService, path: string): Promise<Answer> =>
  call(`${world.http}/api/v1${path}`, "GET", `${world.demo.keyId}.${world.demo.secret}`);

async function buy(world: RunningService): Promise<void> {
  const { status } = await call(
    `${world.http}/api/v1/orders`,
    "POST",
    `${world.demo.keyId}.${world.demo.secret}`,
    {
      accountId: world.demo.accountId,
      symbol: "BTC/USD",
      side: "BUY",
      orderType: "MARKET",
      quantity: "0.01",
    },
  );
  assert.equal(status, 201);
}

/** All that the account can ask for of its past. */
async function past(world: RunningService) {
  const account = `/accounts/${world.demo.accountId}`;
  const replies = await Promise.all(
    ["/orders", "/trades", `${account}/transfers`, `${account}/ledger`].map((path) =>
      get(world, `${path}?limit=500`),
    ),
  );
  assert.deepEqual(
    replies.map(({ status }) => status),
    [200, 200, 200, 200],
  );
  return replies.map(({ body }) => body);
}

/** Asks again while the embedded database is still being opened: trading doesn't wait for it. */
async function whenOpen(world: RunningService): Promise<void> {
  while ((await get(world, "/orders?limit=500")).status === 503) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe("the past of a world that goes on", () => {
  it("is what it was before the restart, which kept nothing of it in memory", async () => {
    const directory = await mkdtemp(join(tmpdir(), "tse-history-"));
    const options = {
      argv: ["--clock", "virtual", "--data-dir", directory],
      environment: { JOURNAL: "file", STORE: "embedded" },
    };
    try {
      let before: unknown;
      {
        await using world = await startService(options);
        for (let count = 0; count < ORDERS; count += 1) await buy(world);
        before = await past(world);
      }
      await using world = await startService(options);
      await whenOpen(world);
      assert.deepEqual(await past(world), before);
      const [{ orders }] = (await past(world)) as [{ orders: { orderId: string }[] }];
      assert.equal(orders.length, ORDERS);
      const { status, body } = await get(world, `/orders/${orders[ORDERS - 1]?.orderId}`);
      assert.deepEqual([status, body.fills.length > 0], [200, true]);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
});
