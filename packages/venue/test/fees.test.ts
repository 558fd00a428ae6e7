import { deepEqual, equal } from "node:assert/strict";
import { describe, it } from "node:test";
import { type AccountNumber, type InstrumentId, RATE_ONE, type Trade } from "@tse/domain";
import { Given } from "./given.ts";

const btcUsd = 0 as InstrumentId;

/** Has account 2 buy 33 lots of account 1 at 45,000.01 and returns the fees: taker's, maker's. */
function feesOfOneTrade(given: Given): [bigint, bigint] {
  given.place(1, "sell", 33, 4_500_001);
  given.venue.events.clear();
  given.place(2, "buy", 33, 4_500_001);
  const trade = [...given.venue.events].find((event) => event.kind === "trade") as Trade;
  return [trade.takerFee, trade.makerFee];
}

describe("fees", () => {
  it("are a share of what each side receives, rounded up to the last minor unit", () => {
    const given = new Given({}, { makerFee: 123_457, takerFee: 765_433 });

    // 33,000 × 0.00765433 = 252.59…; 1,485,000,330 × 0.00123457 = 1,833,336.857…
    deepEqual(feesOfOneTrade(given), [253n, 1_833_337n]);
  });

  it("go to the venue's account in the same unit", () => {
    const given = new Given();

    const [taker, maker] = feesOfOneTrade(given);

    const fees = (asset: string) =>
      given.venue.balance(0 as AccountNumber, given.asset(asset)).available;
    deepEqual([fees("BTC"), fees("USD")], [taker, maker]);
  });

  it("are nothing at rate 0 and never more than the amount at rate 1", () => {
    deepEqual(feesOfOneTrade(new Given({}, { makerFee: 0, takerFee: 0 })), [0n, 0n]);
    const all = feesOfOneTrade(new Given({}, { makerFee: RATE_ONE, takerFee: RATE_ONE }));
    deepEqual(all, [33_000n, 1_485_000_330n]);
  });

  it("follow the tier and instrument, else the tier, else the instrument", () => {
    const given = new Given();
    const rates = () => given.venue.fees(1 as AccountNumber, btcUsd);
    deepEqual(rates(), { maker: 100_000, taker: 100_000 });

    given.setFees("default", undefined, 7, 8);
    deepEqual(rates(), { maker: 7, taker: 8 });
    given.setFees("default", btcUsd, 5, 6);
    deepEqual(rates(), { maker: 5, taker: 6 });
    given.setFees("default", undefined, 1, 1);
    deepEqual(rates(), { maker: 5, taker: 6 });
    given.update(1, { feeTier: "gold" });
    deepEqual(rates(), { maker: 100_000, taker: 100_000 });
    given.setFees("gold", undefined, 2, 3);
    deepEqual(rates(), { maker: 2, taker: 3 });
  });

  it("follow the instrument when its own rates change", () => {
    const given = new Given();

    given.change({ makerFee: 0, takerFee: 1 });

    deepEqual(given.venue.fees(1 as AccountNumber, btcUsd), { maker: 0, taker: 1 });
  });

  it("aren't charged to simulated accounts", () => {
    const given = new Given();
    const simulated = given.join({ role: "simulated" });
    given.fund(simulated, "BTC", "1");
    given.place(simulated, "sell", 100, 4_500_000);

    given.place(2, "buy", 100, 4_500_000);

    equal(given.balance(simulated, "USD"), "45+0");
    equal(given.balance(2, "BTC"), "100.000999+0");
  });

  it("are refused above one and below zero", () => {
    const given = new Given();

    equal(given.setFees("default", undefined, RATE_ONE + 1, 0), "amount_out_of_range");
    equal(given.setFees("default", undefined, 0, -1), "amount_out_of_range");
    equal(given.setFees("default", 9 as InstrumentId, 0, 0), "symbol_not_found");
  });
});
