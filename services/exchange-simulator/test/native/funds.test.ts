import { deepEqual, equal } from "node:assert/strict";
import { describe, it } from "node:test";
import { amount, formatAmount, parseAmount } from "@tse/domain";
import { seededRandom } from "@tse/simulation";
import { faultsOf, type Production, startProduction } from "../support/production.ts";
import { BUY, type Client, clientFor, clientOf, SELL } from "./clients.ts";

/** A master with 1,000 USD and its empty sub-account. */
async function family(production: Production) {
  const master = await clientOf(production, { USD: "1000" });
  const path = `/accounts/${master.account.id}`;
  const { body } = await master.post(`${path}/sub-accounts`, { name: "sub" });
  const account = production.venue.accountById(body.account.accountId);
  if (account === undefined) throw new RangeError("the sub-account was opened");
  return { master, path, sub: await clientFor(production, account) };
}

async function balance({ account, get }: Client, asset: string): Promise<unknown> {
  const { body } = await get(`/accounts/${account.id}/balances/${asset}`);
  return [body.balances[0].available, body.balances[0].locked, body.balances[0].total];
}

/** Orders that often meet, also those of the same account. */
async function tradeAtRandom(clients: readonly Client[], orders: number): Promise<void> {
  const random = seededRandom("statement");
  for (let count = 0; count < orders; count++) {
    const client = clients[random.integer(clients.length)] as Client;
    await client.order({
      side: random.integer(2) === 0 ? "BUY" : "SELL",
      price: String(44_990 + random.integer(20)),
      quantity: `0.00${1 + random.integer(9)}`,
      stpMode: "NONE",
    });
  }
}

describe("GET /api/v1/accounts/{id}/balances", () => {
  it("shows what is available, what open orders lock, and both together", async () => {
    await using production = await startProduction();
    const client = await clientOf(production, { USD: "1000", BTC: "1" });
    await client.order(BUY);

    const { status, body } = await client.get(`/accounts/${client.account.id}/balances`);

    equal(status, 200);
    const updatedAt = "2026-01-05T14:00:00.000Z";
    deepEqual(body, {
      balances: [
        {
          asset: "BTC",
          available: "1.00000000",
          locked: "0.00000000",
          total: "1.00000000",
          updatedAt,
        },
        {
          asset: "USD",
          available: "560.00000000",
          locked: "440.00000000",
          total: "1000.00000000",
          updatedAt,
        },
      ],
    });
  });

  it("shows zero for a known asset never touched, and knows no other", async () => {
    await using production = await startProduction();
    const client = await clientOf(production);
    const path = `/accounts/${client.account.id}/balances`;

    const { body } = await client.get(`${path}/ETH`);
    deepEqual(body.balances, [
      {
        asset: "ETH",
        available: "0.00000000",
        locked: "0.00000000",
        total: "0.00000000",
        updatedAt: null,
      },
    ]);
    deepEqual((await client.get(path)).body.balances, []);
    const unknown = await client.get(`${path}/DOGE`);
    deepEqual(
      [unknown.status, unknown.body.code, faultsOf(unknown)],
      [404, "asset_not_found", ["asset: asset_not_found"]],
    );
  });
});

describe("transfers within a family", () => {
  it("move money at once, both ways, and are listed on both sides", async () => {
    await using production = await startProduction();
    const { master, path, sub } = await family(production);

    const sent = await master.post(`${path}/transfers`, {
      toAccountId: sub.account.id,
      asset: "USD",
      amount: "250.00000001",
    });
    await sub.post(`/accounts/${sub.account.id}/transfers`, {
      toAccountId: master.account.id,
      asset: "USD",
      amount: "50",
    });

    equal(sent.status, 201);
    deepEqual(sent.body.transfer, {
      transferId: sent.body.transfer.transferId,
      transferSeq: 2,
      kind: "TRANSFER",
      fromAccountId: master.account.id,
      toAccountId: sub.account.id,
      asset: "USD",
      amount: "250.00000001",
      externalId: "",
      reason: "",
      completedAt: "2026-01-05T14:00:00.000Z",
    });
    deepEqual(await balance(master, "USD"), ["799.99999999", "0.00000000", "799.99999999"]);
    deepEqual(await balance(sub, "USD"), ["200.00000001", "0.00000000", "200.00000001"]);
    const kinds = async (client: Client) =>
      (await client.get(`/accounts/${client.account.id}/transfers`)).body.transfers.map(
        ({ kind, amount }: Record<string, string>) => `${kind} ${amount}`,
      );
    deepEqual(await kinds(master), [
      "TRANSFER 50.00000000",
      "TRANSFER 250.00000001",
      "DEPOSIT 1000.00000000",
    ]);
    deepEqual(await kinds(sub), ["TRANSFER 50.00000000", "TRANSFER 250.00000001"]);
  });

  it("come in pages", async () => {
    await using production = await startProduction();
    const { master, path, sub } = await family(production);
    for (const amount of ["1", "2", "3"]) {
      await master.post(`${path}/transfers`, { toAccountId: sub.account.id, asset: "USD", amount });
    }

    const first = await master.get(`${path}/transfers?limit=3`);
    const second = await master.get(`${path}/transfers?limit=3&cursor=${first.body.nextCursor}`);

    deepEqual([first.body.transfers.length, second.body.transfers.length], [3, 1]);
    equal(second.body.nextCursor, null);
  });

  it("are refused without the money, to a stranger, and without the scope", async () => {
    await using production = await startProduction();
    const { master, path, sub } = await family(production);
    const stranger = await clientOf(production, { USD: "1" });
    const trader = await clientFor(production, master.account, ["trade"]);
    const wanted = { toAccountId: sub.account.id, asset: "USD", amount: "1" };

    const refused = [
      await master.post(`${path}/transfers`, { ...wanted, amount: "1000.00000001" }),
      await master.post(`${path}/transfers`, { ...wanted, toAccountId: stranger.account.id }),
      await master.post(`${path}/transfers`, { ...wanted, asset: "DOGE" }),
      await stranger.post(`${path}/transfers`, wanted),
      await trader.post(`${path}/transfers`, wanted),
    ];

    deepEqual(
      refused.map(({ status, body }) => [status, body.code]),
      [
        [422, "insufficient_balance"],
        [404, "account_not_found"],
        [404, "asset_not_found"],
        [404, "account_not_found"],
        [403, "forbidden"],
      ],
    );
    deepEqual(await balance(master, "USD"), ["1000.00000000", "0.00000000", "1000.00000000"]);
  });

  it("name the field and the rule of what is wrong", async () => {
    await using production = await startProduction();
    const { master, path, sub } = await family(production);
    const wanted = { toAccountId: sub.account.id, asset: "USD", amount: "1" };
    const cases: readonly (readonly [object, readonly string[]])[] = [
      [{ amount: 1 }, ["amount: type"]],
      [{ amount: "-1" }, ["amount: decimal"]],
      [{ amount: "0" }, ["amount: positive"]],
      [{ amount: "1e3" }, ["amount: decimal"]],
      [{ amount: "0.000000001" }, ["amount: scale"]],
      [{ amount: `1${"0".repeat(16)}` }, ["amount: max"]],
      [{ asset: "" }, ["asset: length"]],
      [{ toAccountId: "x" }, ["toAccountId: uuid"]],
      [{ fromAccountId: sub.account.id }, ["fromAccountId: unknown_field"]],
    ];

    for (const [more, faults] of cases) {
      const reply = await master.post(`${path}/transfers`, { ...wanted, ...more });
      deepEqual([reply.status, faultsOf(reply)], [400, faults]);
    }
  });
});

describe("GET /api/v1/accounts/{id}/ledger", () => {
  it("shows every movement with the total it leaves, newest first", async () => {
    await using production = await startProduction();
    const buyer = await clientOf(production, { USD: "1000" });
    const seller = await clientOf(production, { BTC: "1" });
    await buyer.order(BUY);
    await seller.order({ ...SELL, price: "44000" });
    const told = async ({ account, get }: Client) =>
      (await get(`/accounts/${account.id}/ledger`)).body.entries.map(
        ({ cause, asset, change, total }: Record<string, string>) =>
          `${cause} ${asset} ${change} ${total}`,
      );

    deepEqual(await told(buyer), [
      "FEE BTC -0.00001000 0.00999000",
      "TRADE BTC 0.01000000 0.01000000",
      "TRADE USD -440.00000000 560.00000000",
      "DEPOSIT USD 1000.00000000 1000.00000000",
    ]);
    deepEqual(await told(seller), [
      "FEE USD -0.44000000 439.56000000",
      "TRADE USD 440.00000000 440.00000000",
      "TRADE BTC -0.01000000 0.99000000",
      "DEPOSIT BTC 1.00000000 1.00000000",
    ]);
    const { entries } = (await buyer.get(`/accounts/${buyer.account.id}/ledger`)).body;
    const { trades } = (await buyer.get("/trades")).body;
    equal(entries[0].reference, trades[0].tradeId);
  });

  it("adds up to the venue's balances, whatever was traded", async () => {
    await using production = await startProduction();
    const funds = { USD: "100000", BTC: "5" };
    const clients = [await clientOf(production, funds), await clientOf(production, funds)];
    await tradeAtRandom(clients, 200);

    for (const { account } of clients) {
      const changes = new Map<number, bigint>();
      for (const { asset, change, total } of production.statement.entries(account.number)) {
        const sum = (changes.get(asset) ?? 0n) + change;
        changes.set(asset, sum);
        equal(formatAmount(total), formatAmount(amount(sum)));
      }
      for (const { asset, available, locked } of production.venue.balances(account.number)) {
        equal(changes.get(asset), available + locked);
      }
    }
  });
});

describe("GET /api/v1/trades", () => {
  it("shows both sides of own fills, newest first, in pages, under both paths", async () => {
    await using production = await startProduction();
    const client = await clientOf(production, { USD: "10000", BTC: "1" });
    await client.order({ ...SELL, price: "45000" });
    await client.order({ ...BUY, price: "45000", stpMode: "NONE" });
    const one = await client.get("/trades?limit=1&symbol=BTCUSD");
    const next = await client.get(`/trades?limit=1&cursor=${one.body.nextCursor}`);

    const [taken, made] = [one.body.trades[0], next.body.trades[0]];
    deepEqual([taken.liquidity, taken.side, taken.feeCurrency], ["TAKER", "BUY", "BTC"]);
    deepEqual([made.liquidity, made.side, made.feeCurrency], ["MAKER", "SELL", "USD"]);
    equal(taken.tradeSeq, made.tradeSeq);
    equal(taken.tradeId === made.tradeId, false);
    equal(next.body.nextCursor, null);
    const path = `/accounts/${client.account.id}/trades`;
    deepEqual((await client.get(path)).body.trades, [taken, made]);
    deepEqual((await client.get("/trades?symbol=ETH-USD")).body.trades, []);
    equal(parseAmount(taken.fee), 1_000n);
  });
});
