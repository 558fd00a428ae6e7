import { deepEqual, equal, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { formatAmount, type OrderAccepted, type OrderRejected, type OrderSeq } from "@tse/domain";
import type { Unit } from "../../src/exchange.ts";
import { OrderHistory } from "../../src/views/orders.ts";
import { startExchange, type TestExchange } from "../support/exchange.ts";

const BTC = "BTC/USD";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function numberOf(unit: Unit) {
  const first = unit.events[0] as OrderAccepted | OrderRejected;
  return first.orderSeq;
}

async function market(): Promise<TestExchange & { maker: Account; taker: Account }> {
  const exchange = await startExchange();
  const maker = await exchange.open({ BTC: "5", USD: "500000" });
  const taker = await exchange.open({ BTC: "5", USD: "500000" });
  return { ...exchange, maker, taker };
}
type Account = Awaited<ReturnType<TestExchange["open"]>>;

describe("OrderHistory", () => {
  it("follows an order from open over partial to filled, with each fill and its fee", async () => {
    const { orders, place, maker, taker } = await market();
    const resting = numberOf(
      await place(maker, { symbol: BTC, side: "sell", quantity: "1", price: "45000" }),
    );
    equal(orders.order(resting)?.status, "open");

    await place(taker, { symbol: BTC, side: "buy", quantity: "0.4" });
    const partial = { ...orders.order(resting) };
    await place(taker, { symbol: BTC, side: "buy", quantity: "0.6" });
    const filled = orders.order(resting);

    equal(partial.status, "partial");
    equal(filled?.status, "filled");
    equal(filled?.filled, filled?.quantity);
    equal(formatAmount(filled?.filledQuote as never), "45000.00000000");
    deepEqual(
      filled?.fills.map(({ liquidity, side, fee }) => [liquidity, side, formatAmount(fee)]),
      [
        ["maker", "sell", "18.00000000"],
        ["maker", "sell", "27.00000000"],
      ],
    );
    ok(filled?.filledAt !== undefined);
    deepEqual(orders.open(maker.number), []);
  });

  it("keeps a refused order's row with its reason", async () => {
    const { orders, place, taker } = await market();
    const refused = numberOf(
      await place(taker, { symbol: BTC, side: "buy", quantity: "20", price: "45000" }),
    );

    equal(orders.order(refused)?.status, "rejected");
    equal(orders.order(refused)?.reason, "insufficient_balance");
    deepEqual(orders.open(taker.number), []);
  });

  it("names an order by the client's id, or by its own when the client gave none", async () => {
    const { orders, place, maker } = await market();
    const named = { symbol: BTC, side: "sell", quantity: "1", price: "46000" } as const;
    await place(maker, { ...named, more: { clientOrderId: "mine-1" } });
    const unnamed = numberOf(await place(maker, named));
    const record = orders.order(unnamed);

    equal(orders.byClientOrderId(maker.number, "mine-1")?.clientOrderId, "mine-1");
    equal(record?.clientOrderId, record?.id);
    equal(orders.byClientOrderId(maker.number, record?.id ?? ""), record);
    equal(orders.byClientOrderId(maker.number, "theirs"), undefined);
  });

  it("does not name another account's order", async () => {
    const { orders, place, maker, taker } = await market();
    const terms = { symbol: BTC, side: "sell", quantity: "1", price: "46000" } as const;
    const record = orders.order(numberOf(await place(maker, terms)));

    equal(orders.byClientOrderId(taker.number, record?.clientOrderId ?? ""), undefined);
  });

  it("lists by instrument, status and time, oldest first", async () => {
    const exchange = await market();
    const { orders, place, maker, advance } = exchange;
    const sell = { side: "sell", quantity: "1", price: "46000" } as const;
    await place(maker, { ...sell, symbol: BTC });
    await advance(1_000_000 as never);
    const later = exchange.clock.now();
    await place(maker, { ...sell, symbol: BTC });
    await place(maker, { ...sell, symbol: "ETH/USD", price: "2600" });

    const account = maker.number;
    const instrument = exchange.instrument(BTC).id;
    equal(orders.list({ account }).length, 3);
    equal(orders.list({ account, instrument }).length, 2);
    equal(orders.list({ account, from: later }).length, 2);
    equal(orders.list({ account, to: later }).length, 1);
    deepEqual(
      orders.list({ account, statuses: new Set(["rejected"]) }).map(({ reason }) => reason),
      ["insufficient_balance"],
    );
  });

  it("shows a client's cancel and the end of a fill-or-kill with their reasons", async () => {
    const { orders, place, submit, maker } = await market();
    const terms = { symbol: BTC, side: "sell", quantity: "1", price: "46000" } as const;
    const rests = numberOf(await place(maker, terms));
    const account = maker.number;
    await submit({ kind: "cancel_order", account, orderSeq: rests, clientOrderId: "" });
    const killed = numberOf(await place(maker, { ...terms, more: { timeInForce: "fok" } }));

    deepEqual(
      [rests, killed].map((orderSeq) => {
        const { status, reason } = orders.order(orderSeq) ?? {};
        return `${status}:${reason}`;
      }),
      ["cancelled:client", "expired:fok_unfilled"],
    );
  });

  it("forgets the oldest finished orders beyond its bound, and never a live one", async () => {
    const { units, venue, place, maker } = await market();
    const live = numberOf(
      await place(maker, { symbol: BTC, side: "sell", quantity: "1", price: "46000" }),
    );
    const dead = { symbol: BTC, side: "sell", quantity: "1", price: "46000" } as const;
    for (let count = 0; count < 10; count++) {
      await place(maker, { ...dead, more: { timeInForce: "fok" } });
    }

    const bounded = new OrderHistory(venue, 3);
    for (const unit of units) bounded.record(unit);

    equal(bounded.list({ account: maker.number }).length, 4);
    equal(bounded.order(live)?.status, "open");
  });

  it("holds no memory of what it forgot", async () => {
    const { units, venue, place, maker } = await market();
    const dead = { symbol: BTC, side: "sell", quantity: "1", price: "46000" } as const;
    const numbers: OrderSeq[] = [];
    for (let count = 0; count < 10; count++) {
      numbers.push(numberOf(await place(maker, { ...dead, more: { timeInForce: "fok" } })));
    }
    const bounded = new OrderHistory(venue, 3);
    const recorded: WeakRef<object>[] = [];
    for (const unit of units) {
      bounded.record(unit);
      const order = bounded.order(numbers[recorded.length] as OrderSeq);
      if (order !== undefined) recorded.push(new WeakRef(order));
    }

    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();

    equal(recorded.length, 10);
    deepEqual(
      recorded.map((order) => order.deref() !== undefined),
      [...Array(7).fill(false), true, true, true],
    );
    equal(bounded.list({ account: maker.number }).length, 3);
  });
});
