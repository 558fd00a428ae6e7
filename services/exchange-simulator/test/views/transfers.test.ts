import { deepEqual, equal } from "node:assert/strict";
import { describe, it } from "node:test";
import { type Account, amount } from "@tse/domain";
import { Statement } from "../../src/views/statement.ts";
import { TransferHistory } from "../../src/views/transfers.ts";
import { startExchange } from "../support/exchange.ts";

async function funded(account: Account, world: Awaited<ReturnType<typeof startExchange>>) {
  for (const money of ["1", "2", "3", "4", "5"]) await world.deposit(account, "USD", money);
}

describe("TransferHistory", () => {
  it("keeps the newest transfers of all accounts together", async () => {
    const world = await startExchange();
    const transfers = new TransferHistory(3);
    world.exchange.subscribe(transfers.record);
    const [one, other] = [await world.open(), await world.open()];
    await world.deposit(other, "USD", "9");
    await funded(one, world);

    deepEqual(
      transfers.list(one.number).map(({ transferSeq }) => transferSeq),
      [4, 5, 6],
    );
    deepEqual(transfers.list(other.number), []);
    equal(transfers.transfer(1), undefined);
    equal(transfers.transfer(6)?.amount, amount(500_000_000n));
  });

  it("tells a repeated deposit once", async () => {
    const world = await startExchange();
    const transfers = new TransferHistory();
    world.exchange.subscribe(transfers.record);
    const { number: account } = await world.open();
    const asset = world.instrument("BTC/USD").quote;
    const note = { externalId: "wire-1", reason: "salary" };
    const deposit = { kind: "deposit", account, asset, amount: amount(1n), ...note } as const;

    await world.submit(deposit);
    await world.submit(deposit);

    deepEqual(
      transfers.list(account).map(({ kind, externalId, reason }) => [kind, externalId, reason]),
      [["deposit", "wire-1", "salary"]],
    );
  });
});

describe("Statement", () => {
  it("keeps the newest entries of an account, with their numbers and totals", async () => {
    const world = await startExchange();
    const statement = new Statement(world.venue, 2);
    world.exchange.subscribe(statement.record);
    const account = await world.open();
    await funded(account, world);

    deepEqual(
      statement.entries(account.number).map(({ number, total }) => [number, total]),
      [
        [3, 600_000_000n],
        [4, 1_000_000_000n],
        [5, 1_500_000_000n],
      ],
    );
  });
});
