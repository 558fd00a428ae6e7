import { deepEqual, equal, notEqual } from "node:assert/strict";
import { describe, it } from "node:test";
import { type AccountNumber, amount, type OrderRate, type VenueRules } from "@tse/domain";
import { Given, money, options } from "./given.ts";

const { unitOfAccount: _, ...rules } = options;

function configure(given: Given, changes: Partial<VenueRules>) {
  return given.apply({ kind: "configure_venue", rules: { ...given.venue.rules, ...changes } });
}

describe("The rules of the venue", () => {
  it("are those it was made with until a command sets others, which it tells", () => {
    const given = new Given();
    deepEqual(given.venue.rules, rules);
    const changed = { ...rules, kycRequired: true, orderRate: { perSecond: 5, burst: 10 } };

    equal(given.apply({ kind: "configure_venue", rules: changed }), undefined);

    deepEqual(given.venue.rules, changed);
    deepEqual([...given.venue.events], [{ kind: "venue_configured", rules: changed }]);
  });

  it("are part of the state, whoever set them", () => {
    const changed = new Given();
    configure(changed, { maxSubAccounts: 7 });
    const others = [new Given(), new Given({ maxSubAccounts: 7 })];
    for (const { venue } of others) {
      venue.apply({ kind: "configure_venue", rules: venue.rules }, changed.now);
    }

    const [before, made] = others.map(({ venue }) => venue.stateHash());
    equal(changed.venue.stateHash(), made);
    notEqual(changed.venue.stateHash(), before);
  });

  it("are refused as a whole when a number is none of its kind", () => {
    const given = new Given();
    const bad: Partial<VenueRules>[] = [
      { maxSubAccounts: -1 },
      { maxSubAccounts: 0.5 },
      { maxOrderNotional: amount(0n) },
      { maxOrderNotional: amount(10n ** 24n) },
      { orderRate: { perSecond: 0, burst: 1 } },
      { orderRate: { perSecond: 1, burst: 0 } },
      { orderRate: { perSecond: 1.5, burst: 1 } },
      { orderRate: { perSecond: 1, burst: 2 ** 50 } },
    ];

    for (const changes of bad) {
      equal(configure(given, { kycRequired: true, ...changes }), "amount_out_of_range");
    }
    deepEqual(given.venue.rules, rules);
    deepEqual(given.tape(), []);
  });

  it("decide from then on whose KYC must be approved", () => {
    const given = new Given();

    configure(given, { kycRequired: true });
    equal(given.place(1, "buy", 100, 4_500_000), "kyc_required");
    given.update(1, { kycStatus: "approved" });
    equal(given.place(1, "buy", 100, 4_500_000), undefined);
    configure(given, { kycRequired: false });
    equal(given.place(2, "buy", 100, 4_500_000), undefined);
  });

  it("decide from then on how many sub-accounts a master has", () => {
    const given = new Given();
    const parent = 1 as AccountNumber;
    given.join({ parent, name: "first" });

    configure(given, { maxSubAccounts: 1 });
    given.join({ parent, name: "second" });
    equal(given.venue.subAccounts(parent).length, 1);
    configure(given, { maxSubAccounts: 2 });
    given.join({ parent, name: "second" });
    equal(given.venue.subAccounts(parent).length, 2);
  });

  it("decide from then on what the largest order is, in every market", () => {
    const given = new Given();
    given.list("BTC", "USDT");
    given.list("USDT", "USD", {}, { startPrice: 100 as never });
    const btcUsd = given.venue.instrumentNamed("BTC/USD")!.id;
    const btcUsdt = given.venue.instrumentNamed("BTC/USDT")!.id;
    equal(given.venue.largestNotional(btcUsd), money("1000000"));

    configure(given, { maxOrderNotional: money("1000") });

    equal(given.venue.largestNotional(btcUsd), money("1000"));
    equal(given.venue.largestNotional(btcUsdt), money("1000"));
    equal(given.place(1, "buy", 2_300, 4_500_000), "max_order_size");
    given.list("ETH", "USD", {}, { startPrice: 100 as never });
    equal(given.venue.largestNotional(given.venue.instrumentNamed("ETH/USD")!.id), money("1000"));
  });
});

describe("A change of the order rate", () => {
  const rate = (perSecond: number, burst: number): Partial<VenueRules> => ({
    orderRate: { perSecond, burst } satisfies OrderRate,
  });
  const place = (given: Given) => given.place(1, "buy", 100, 4_400_000);
  /** Orders until the first that is refused. */
  const taken = (given: Given) => {
    let count = 0;
    while (place(given) !== "rate_limited") count += 1;
    return count;
  };

  it("counts what is taken already, refilled at the old rate until then", () => {
    const given = new Given(rate(10, 10));
    equal(taken(given), 10);
    given.wait(300_000);

    configure(given, rate(1, 10));

    equal(taken(given), 3);
    given.wait(1_000_000);
    equal(taken(given), 1);
  });

  it("leaves nobody lacking more than the new burst holds", () => {
    const given = new Given(rate(1, 100));
    equal(taken(given), 100);

    configure(given, rate(1, 5));

    equal(taken(given), 0);
    given.wait(5_000_000);
    equal(taken(given), 5);
  });

  it("gives room at once when the burst grows", () => {
    const given = new Given(rate(1, 5));
    equal(taken(given), 5);

    configure(given, rate(1, 8));

    equal(taken(given), 3);
  });

  it("to none counts nothing, and a limit after it finds full buckets", () => {
    const given = new Given(rate(1, 5));
    equal(taken(given), 5);

    configure(given, { orderRate: undefined });
    for (let n = 0; n < 20; n++) equal(place(given), undefined);
    configure(given, rate(1, 5));

    equal(taken(given), 5);
  });
});

describe("A recorded fact", () => {
  const fact = {
    action: "clock_advanced",
    entityType: "clock",
    entityId: "world",
    account: undefined,
    details: '{"by":"1h"}',
  };

  it("is told as it is and changes nothing but the sequence", () => {
    const given = new Given();
    const { sequence } = given.venue;

    equal(given.apply({ kind: "record_fact", ...fact }), undefined);

    deepEqual([...given.venue.events], [{ kind: "fact_recorded", ...fact }]);
    equal(given.venue.sequence, sequence + 1);
  });

  it("names an account there is, or none", () => {
    const given = new Given();
    const about = (account: number) =>
      given.apply({ kind: "record_fact", ...fact, account: account as AccountNumber });

    equal(about(1), undefined);
    equal(about(99), "account_not_found");
    deepEqual(given.tape(), ["fact_recorded"]);
  });
});
