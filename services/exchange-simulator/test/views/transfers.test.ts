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
  it("keeps the newest entries of an account, with their totals", async () => {
    const world = await startExchange();
    const statement = new Statement(world.venue, 3);
    world.exchange.subscribe(statement.record);
    const account = await world.open();
    await funded(account, world);

    deepEqual(
      statement.entries(account.number).map(({ total }) => total),
      [600_000_000n, 1_000_000_000n, 1_500_000_000n],
    );
  });

  it("numbers an entry by its unit and its place among all that the unit moved of customers", async () => {
    const world = await startExchange();
    const statement = new Statement(world.venue);
    world.exchange.subscribe(statement.record);
    const buyer = await world.open({ USD: "100000" });
    const seller = await world.open({ BTC: "1" });
    const terms = { symbol: "BTC/USD", quantity: "1" } as const;
    await world.place(seller, { ...terms, side: "sell", price: "45000" });
    await world.place(buyer, { ...terms, side: "buy", price: "45000" });

    const { sequence } = world.units.at(-1)!;
    const places = ({ number: account }: Account) =>
      statement
        .entries(account)
        .slice(1)
        .map(({ number, cause }) => [number - sequence * 2 ** 20, cause]);
    deepEqual([buyer, seller].map(places), [
      [
        [0, "trade"],
        [1, "trade"],
        [2, "fee"],
      ],
      [
        [3, "trade"],
        [4, "trade"],
        [5, "fee"],
      ],
    ]);
  });
});
