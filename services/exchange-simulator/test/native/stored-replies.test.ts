import { deepEqual, equal, notEqual } from "node:assert/strict";
import { describe, it } from "node:test";
import { TestArchive } from "../support/archive.ts";
import { type Production, startProduction } from "../support/production.ts";
import { BUY, type Client, clientOf } from "./clients.ts";
import { assertReplayed, codeOf, type Post, post } from "./repeated.ts";

const KEPT = 5;

function order(client: Client, idempotencyKey: string): Post {
  const body = {
    accountId: client.account.id,
    symbol: "BTC/USD",
    orderType: "LIMIT",
    ...BUY,
  };
  return { path: "/orders", key: client.key, body, idempotencyKey };
}

/** Requests that memory has let go of, all stored. */
async function repeated(production: Production, archive: TestArchive) {
  const client = await clientOf(production, { USD: "100000" });
  const first = order(client, "first");
  const answer = await post(production, first);
  equal(answer.status, 201);
  for (let count = 0; count < 2 * KEPT; count += 1)
    await post(production, order(client, `${count}`));
  await archive.store(production.exchange.released);
  equal(production.replies.size, KEPT);
  return { client, first, answer };
}

describe("a request that memory has forgotten", () => {
  it("is answered from what is stored, byte for byte, and acts no more", async () => {
    const archive = await TestArchive.open("pglite");
    await using production = await startProduction({ archive, kept: KEPT });
    const { client, first, answer } = await repeated(production, archive);
    await assertReplayed(production, first, answer);

    const other = await post(production, {
      ...order(client, "first"),
      body: { symbol: "ETH/USD" },
    });
    notEqual(other.status, 201);
    equal((await post(production, order(client, "new"))).status, 201);
  });

  it("is 503 while nobody can say whether it acted, and doesn't act", async () => {
    const archive = await TestArchive.open("memory");
    await using production = await startProduction({ archive, kept: KEPT });
    const { client, first, answer } = await repeated(production, archive);
    archive.away = true;
    const { sequence } = production.venue;
    for (const sent of [first, order(client, "new")]) {
      const reply = await post(production, sent);
      deepEqual([reply.status, codeOf(reply)], [503, "storage_unavailable"]);
    }
    const remembered = await post(production, order(client, `${2 * KEPT - 1}`));
    deepEqual([remembered.status, remembered.isReplay], [201, true]);
    equal(production.venue.sequence, sequence);

    archive.away = false;
    await assertReplayed(production, first, answer);
    equal((await post(production, order(client, "new"))).status, 201);
  });

  it("keeps an answer that holds what no database text may hold", async () => {
    const archive = await TestArchive.open("pglite");
    await using production = await startProduction({ archive, kept: KEPT });
    const body = { userId: "u", accountType: "SPOT", metadata: { "\u0000": "\ud800 \\u0000" } };
    const { key } = await clientOf(production);
    const path = "/accounts";
    const owner = await clientOf(production);
    const sub: Post = {
      path: `/accounts/${owner.account.id}/sub-accounts`,
      key: owner.key,
      body: { name: "s", metadata: body.metadata },
      idempotencyKey: "sub",
    };
    const answer = await post(production, sub);
    equal(answer.status, 201);
    await post(production, { path, key, body, idempotencyKey: "open" });
    const trader = await clientOf(production, { USD: "100000" });
    for (let count = 0; count < 2 * KEPT; count += 1) {
      await post(production, order(trader, `${count}`));
    }
    await archive.store(production.exchange.released);
    await assertReplayed(production, sub, answer);
    deepEqual((await archive.verify()).differences, []);
  });
});
