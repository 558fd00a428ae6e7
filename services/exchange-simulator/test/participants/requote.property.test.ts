import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type AccountNumber,
  amount,
  type InstrumentId,
  type LiveOrder,
  lots,
  type OrderSeq,
  type Side,
  ticks,
  timestamp,
} from "@tse/domain";
import type { Quote } from "@tse/market-model";
import fc from "fast-check";
import { type QuoteCommand, requote, split } from "../../src/participants/fixed-spread/requote.ts";

const desk = { account: 3 as AccountNumber, instrument: 1 as InstrumentId };

const anyQuotes: fc.Arbitrary<Quote[]> = fc.array(
  fc
    .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 4 }))
    .map(([price, quantity]) => ({ price: ticks(price), quantity: lots(quantity) })),
  { maxLength: 12 },
);

const anySide: fc.Arbitrary<Side> = fc.constantFrom("buy", "sell");

function liveOrder(side: Side, { price, quantity }: Quote, index: number): LiveOrder {
  const filled = index % 3;
  return {
    orderSeq: (index + 1) as OrderSeq,
    ...desk,
    side,
    limit: price,
    quantity: lots(quantity + filled),
    open: quantity,
    filledQuote: amount(0n),
    postOnly: false,
    clientOrderId: "",
    createdAt: timestamp(0),
  };
}

/** What stands in the book when the venue took the commands. */
function standing(live: readonly LiveOrder[], commands: readonly QuoteCommand[]): readonly Quote[] {
  const book = new Map(live.map((order) => [order.orderSeq, order]));
  const placed: Quote[] = [];
  for (const command of commands) {
    if (command.kind === "place_order") {
      placed.push({ price: command.limit, quantity: command.quantity });
      continue;
    }
    const order = book.get(command.orderSeq);
    assert.ok(order !== undefined, "each command names an order that lives");
    book.delete(command.orderSeq);
    if (command.kind === "cancel_order") continue;
    const price = command.limit === 0 ? order.limit : command.limit;
    placed.push({ price, quantity: lots(command.quantity - (order.quantity - order.open)) });
  }
  const left = [...book.values()].map(({ limit, open }) => ({ price: limit, quantity: open }));
  return [...left, ...placed];
}

const sorted = (quotes: readonly Quote[]) =>
  quotes.toSorted((a, b) => a.price - b.price || a.quantity - b.quantity);

describe("requote, for all orders and quotes", () => {
  it("leaves exactly the wanted quotes, with no more commands than differences", () => {
    fc.assert(
      fc.property(anySide, anyQuotes, anyQuotes, (side, before, wanted) => {
        const live = before.map((quote, index) => liveOrder(side, quote, index));
        const commands = requote(desk, side, live, wanted);

        assert.deepEqual(sorted(standing(live, commands)), sorted(wanted));
        assert.ok(commands.length <= Math.max(live.length, wanted.length));
      }),
    );
  });

  it("sends nothing when everything stands already", () => {
    fc.assert(
      fc.property(anySide, anyQuotes, (side, wanted) => {
        const live = wanted.map((quote, index) => liveOrder(side, quote, index)).reverse();
        assert.deepEqual(requote(desk, side, live, wanted), []);
      }),
    );
  });
});

describe("split, for all quotes", () => {
  it("keeps every order within the largest, and the level's total unless it is too much", () => {
    const any = fc.record({
      quantity: fc.integer({ min: 1, max: 1_000 }),
      largest: fc.integer({ min: 1, max: 300 }),
      most: fc.integer({ min: 1, max: 8 }),
    });
    fc.assert(
      fc.property(any, ({ quantity, largest, most }) => {
        const orders = split([{ price: ticks(5), quantity: lots(quantity) }], largest, most);
        const total = orders.reduce((sum, order) => sum + order.quantity, 0);
        assert.ok(orders.every((order) => order.quantity >= 1 && order.quantity <= largest));
        assert.equal(total, Math.min(quantity, largest * most));
        assert.ok(orders.length <= most);
      }),
    );
  });
});
