import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { startService } from "./running-service.ts";

const odd = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom("", "0", "-1", "1e5", "NaN", "9".repeat(30), "BTC/USD", "\u0000", 2 ** 53, -0.5),
);

/** Everything that takes a body, with the fields that it knows. The clock is left alone: it may go far. */
const TARGETS: readonly (readonly [method: string, path: string, fields: readonly string[]])[] = [
  ["PUT", "/admin/log-level", ["level"]],
  ["POST", "/admin/accounts/{id}/deposits", ["asset", "amount", "externalId", "reason"]],
  ["POST", "/admin/accounts/{id}/withdrawals", ["asset", "amount", "externalId", "reason"]],
  [
    "POST",
    "/admin/accounts",
    ["userId", "accountType", "parentAccountId", "name", "metadata", "feeTier"],
  ],
  ["PATCH", "/admin/accounts/{id}", ["status", "kycStatus", "feeTier"]],
  [
    "PUT",
    "/admin/instruments/BTC-USD",
    [
      "status",
      "minSize",
      "maxNotional",
      "priceBand",
      "maxOpenOrders",
      "maxSpreadBps",
      "makerFeeRate",
    ],
  ],
  [
    "PUT",
    "/admin/instruments/XRP-USD",
    ["baseAsset", "quoteAsset", "tickSize", "lotSize", "maxSize"],
  ],
  ["PUT", "/admin/fee-tiers", ["tiers"]],
  ["POST", "/chaos/actions", ["action", "parameters"]],
  ["POST", "/chaos/inject-latency", ["delay_ms", "jitter_ms", "operations", "affected_accounts"]],
  ["POST", "/chaos/reject-orders", ["rejection_rate", "reason", "symbols", "seed"]],
  ["POST", "/chaos/simulate-downtime", ["duration_s", "duration", "error_message"]],
  ["POST", "/chaos/manipulate-spreads", ["multiplier", "symbols"]],
  ["POST", "/chaos/partial_fills", ["max_fill_ratio", "intensity"]],
  ["POST", "/chaos/clear_chaos", ["chaos_id"]],
];

const request = fc
  .constantFrom(...TARGETS)
  .chain(([method, path, fields]) =>
    fc.tuple(
      fc.constant(method),
      fc.constant(path),
      fc.oneof(odd, fc.dictionary(fc.constantFrom(...fields, "color"), odd)),
    ),
  );

describe("The admin API, whatever it is sent", () => {
  it("never fails, and says what is wrong with what it refuses", async () => {
    await using service = await startService();
    const { accountId } = service.demo;
    await fc.assert(
      fc.asyncProperty(request, async ([method, path, body]) => {
        const { status, body: reply } = await service.admin(
          method,
          path.replace("{id}", accountId),
          body,
        );
        assert(status < 500, `${method} ${path} ${JSON.stringify(body)}: ${status}`);
        if (status === 400) assert(reply.errors[0].field.length > 0);
      }),
      { numRuns: 600 },
    );
    assert.deepEqual(service.failures, []);
    assert.equal((await service.admin("GET", "/admin/invariants")).body.holds, true);
  });
});
