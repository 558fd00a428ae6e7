import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { auditVenue } from "@tse/simulation";
import fc from "fast-check";
import { startProduction } from "../support/production.ts";
import { openSocket } from "./clients.ts";

const text = fc.oneof(
  fc.string(),
  fc.constantFrom("BTC/USD", "BTCUSD", "", "0", "1e5", "-1", "NaN"),
);
const odd = fc.oneof(fc.jsonValue(), text, fc.double(), fc.constant(2 ** 53));

/** A value of the right shape, or anything. */
const or = <Value>(right: fc.Arbitrary<Value>) => fc.oneof({ weight: 3, arbitrary: right }, odd);

const channel = fc.record(
  {
    channel: or(fc.constantFrom("orderbook", "trades", "ticker", "orders", "balances")),
    symbol: or(fc.constantFrom("BTC/USD", "ETH-USD", "XXX/USD")),
    accountId: odd,
    depth: or(fc.integer({ min: -1, max: 1_001 })),
    resumeAfter: or(fc.nat(100)),
  },
  { requiredKeys: ["channel"] },
);

const order = fc.record(
  {
    accountId: or(fc.uuid()),
    symbol: or(fc.constantFrom("BTC/USD")),
    side: or(fc.constantFrom("BUY", "SELL")),
    orderType: or(fc.constantFrom("LIMIT", "MARKET")),
    quantity: or(fc.constantFrom("0.1", "0.000001", "1000000")),
    price: or(fc.constantFrom("44000", "0.001")),
    clientOrderId: or(fc.string({ maxLength: 40 })),
  },
  { requiredKeys: ["symbol"] },
);

const message = fc.oneof(
  fc.jsonValue(),
  fc.record(
    {
      id: or(fc.integer()),
      op: or(fc.constantFrom("auth", "subscribe", "unsubscribe", "order.place", "order.cancel")),
      key: odd,
      channels: or(fc.array(channel, { maxLength: 3 })),
      params: or(order),
    },
    { requiredKeys: ["op"] },
  ),
);

describe("A WebSocket, whatever it is sent", () => {
  it("answers every message, names what is wrong, and stays open", async () => {
    await using world = await startProduction();
    const account = await world.open({ USD: "100000", BTC: "10" });
    const client = await openSocket(world.wsUrl);
    await client.ask({ op: "auth", key: await world.keyOf(account, ["admin"]) });

    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          message.map((each) => JSON.stringify(each)),
          fc.string(),
        ),
        async (sent) => {
          client.send(sent);
          const answer = await client.take(({ type }) => type === "reply" || type === "error");
          if (answer.type === "reply") return;
          assert(answer.error.status < 500, JSON.stringify(answer));
          if (answer.error.status === 400) assert(answer.error.errors[0].field.length > 0);
        },
      ),
      { numRuns: 500 },
    );
    assert.equal(client.socket.readyState, client.socket.OPEN);
    assert.deepEqual(auditVenue(world.venue), []);
  });
});
