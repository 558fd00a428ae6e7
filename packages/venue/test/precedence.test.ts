import { equal } from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type AccountNumber,
  type InstrumentId,
  OFF_GRID,
  type OrderFault,
  REJECT_CODES,
  type RejectCode,
} from "@tse/domain";
import { Given, money } from "./given.ts";

/** Who sends the order. */
const account = {
  rich: 1,
  /** Has no tokens left. */
  tired: 2,
  suspended: 3,
  closed: 4,
  /** KYC isn't approved, and no tokens are left. */
  pending: 5,
  /** Has as many orders as it may, one of them named "mine". */
  busy: 6,
  /** Has its last money in an order named "mine". */
  poor: 7,
  venue: 0,
  nobody: 99,
} as const;

const off = OFF_GRID;
const refused: OrderFault = { kind: "reject", code: "insufficient_liquidity" };

/** One check a row: the input fails it and, wherever that is possible, all that come after it. */
const rows: readonly (readonly [
  symbol: "BTC/USD" | "halted" | "none",
  from: keyof typeof account,
  limit: number,
  quantity: number,
  postOnly: boolean,
  clientOrderId: string,
  fault: OrderFault | undefined,
  code: RejectCode | undefined,
])[] = [
  ["none", "nobody", off, off, true, "mine", refused, "symbol_not_found"],
  ["halted", "nobody", off, off, true, "mine", refused, "instrument_halted"],
  ["BTC/USD", "nobody", off, off, true, "mine", refused, "account_not_found"],
  ["BTC/USD", "suspended", off, off, true, "mine", refused, "account_suspended"],
  ["BTC/USD", "closed", off, off, true, "mine", refused, "account_closed"],
  ["BTC/USD", "pending", off, off, true, "mine", refused, "kyc_required"],
  ["BTC/USD", "venue", off, off, true, "mine", refused, "forbidden"],
  ["BTC/USD", "tired", off, off, true, "mine", refused, "rate_limited"],
  ["BTC/USD", "busy", off, off, true, "mine", refused, "price_tick"],
  ["BTC/USD", "busy", 23_000_000, off, true, "mine", refused, "lot_size"],
  ["BTC/USD", "busy", 800_000, 9, true, "mine", refused, "min_size"],
  ["BTC/USD", "busy", 23_000_000, 10_000_001, true, "mine", refused, "max_size"],
  ["BTC/USD", "busy", 800_000, 10, true, "mine", refused, "min_notional"],
  ["BTC/USD", "busy", 23_000_000, 10_000_000, true, "mine", refused, "max_notional"],
  ["BTC/USD", "busy", 23_000_000, 3_000_000, true, "mine", refused, "max_order_size"],
  ["BTC/USD", "busy", 23_000_000, 2_000_000, true, "mine", refused, "price_range"],
  ["BTC/USD", "busy", 4_600_000, 2_000_000, true, "mine", refused, "would_take"],
  ["BTC/USD", "busy", 4_400_000, 2_000_000, true, "mine", refused, "max_open_orders"],
  ["BTC/USD", "poor", 4_400_000, 2_000_000, true, "mine", refused, "duplicate_client_order_id"],
  ["BTC/USD", "poor", 4_400_000, 2_000_000, true, "new", refused, "insufficient_balance"],
  ["BTC/USD", "rich", 4_400_000, 2_000_000, true, "new", refused, "insufficient_liquidity"],
  ["BTC/USD", "rich", 4_400_000, 2_000_000, true, "new", undefined, undefined],
];

const instruments = { "BTC/USD": 0, halted: 1, none: 9 } as const;

function given(): Given {
  const given = new Given(
    { kycRequired: true, orderRate: { perSecond: 0.001, burst: 3 } },
    { maxOpenOrders: 2 },
  );
  const { venue } = given;
  given.list("BTC", "USDT", { status: "halted" });
  for (let number = 4; number <= 7; number++) given.join();
  for (const { number } of venue.accounts()) {
    if (number !== account.pending) given.update(number, { kycStatus: "approved" });
  }
  given.fund(account.busy, "USD", "1000");
  given.fund(account.poor, "USD", "44");
  given.place(account.rich, "sell", 100, 4_500_000);
  given.place(account.busy, "buy", 100, 4_400_000, { clientOrderId: "mine" });
  given.place(account.busy, "buy", 100, 4_400_000);
  given.place(account.poor, "buy", 100, 4_400_000, { clientOrderId: "mine" });
  for (let order = 0; order < 3; order++) given.place(account.tired, "buy", 100, 4_400_000);
  given.update(account.suspended, { status: "suspended" });
  given.apply({ kind: "close_account", account: account.closed as AccountNumber });
  venue.events.clear();
  return given;
}

describe("the checks of an order", () => {
  for (const [symbol, from, limit, quantity, postOnly, clientOrderId, fault, code] of rows) {
    it(`give ${code ?? "nothing"} before any later one`, () => {
      const instrument = instruments[symbol] as InstrumentId;
      const changes = { instrument, postOnly, clientOrderId, fault };

      equal(given().place(account[from], "buy", quantity, limit, changes), code);
    });
  }

  it("come in the order of the reject codes, but that a fault has the last word", () => {
    const asked = rows.map(([, , , , , , , code]) => code).filter((code) => code !== undefined);
    const sorted = REJECT_CODES.filter((code) => asked.includes(code));
    const liquidity = sorted.indexOf("insufficient_liquidity");
    sorted.splice(liquidity, 2, "insufficient_balance", "insufficient_liquidity");

    equal(asked.join(), sorted.join());
  });

  it("leave a numbered row, but for those that are answered and forgotten", () => {
    const withoutRow = new Set([
      "symbol_not_found",
      "account_not_found",
      "forbidden",
      "rate_limited",
      "duplicate_client_order_id",
    ]);
    for (const [symbol, from, limit, quantity, postOnly, clientOrderId, fault, code] of rows) {
      if (code === undefined) continue;
      const venue = given();
      const changes = {
        instrument: instruments[symbol] as InstrumentId,
        postOnly,
        clientOrderId,
        fault,
      };
      venue.place(account[from], "buy", quantity, limit, changes);
      const expected = withoutRow.has(code) ? "" : `rejected 8 ${code}`;
      equal(venue.tape().join(), expected);
    }
  });

  it("find the same whether the order is placed or only asked about, the rate limit aside", () => {
    for (const [symbol, from, limit, quantity, postOnly, clientOrderId, fault, code] of rows) {
      const venue = given();
      const before = venue.venue.stateHash();
      const changes = {
        instrument: instruments[symbol] as InstrumentId,
        postOnly,
        clientOrderId,
        fault,
      };
      const found = venue.check(account[from], "buy", quantity, limit, changes);
      equal(found, code === "rate_limited" ? "price_tick" : code);
      equal(venue.venue.stateHash(), before);
    }
  });

  it("count an order against the rate limit only from there on", () => {
    const venue = new Given({ orderRate: { perSecond: 1, burst: 2 } });
    venue.place(1, "buy", 100, off, { instrument: 9 as InstrumentId });
    venue.place(1, "buy", 100, off);
    venue.place(1, "buy", 100, off);

    equal(venue.place(1, "buy", 100, 4_400_000), "rate_limited");
    venue.wait(999_999);
    equal(venue.place(1, "buy", 100, 4_400_000), "rate_limited");
    venue.wait(1);
    equal(venue.place(1, "buy", 100, 4_400_000), undefined);
  });

  it("say what the rule allows", () => {
    const venue = new Given();
    const refusal = (quantity: number, limit: number) =>
      venue.venue.apply(venue.order(1, "buy", quantity, limit), venue.now);

    equal(refusal(9, 4_500_000)?.low, 10);
    equal(refusal(10_000_001, 4_500_000)?.high, 10_000_000);
    equal(refusal(10, 1_000_000)?.low, money("5"));
    equal(refusal(10_000_000, 20_000_000)?.high, money("10000000"));
    equal(refusal(1_000, 899_999)?.low, 900_000);
    equal(refusal(1_000, 22_500_001)?.high, 22_500_000);
  });
});
