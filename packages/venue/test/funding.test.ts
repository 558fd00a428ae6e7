import { deepEqual, equal } from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type AccountNumber,
  type AssetId,
  amount,
  type Deposit,
  MAX_AMOUNT,
  type Transfer,
} from "@tse/domain";
import { Given, money } from "./given.ts";

const deposit: Deposit = {
  kind: "deposit",
  account: 1 as AccountNumber,
  asset: 2 as AssetId,
  amount: money("10"),
  externalId: "",
  reason: "test",
};

const transfer: Transfer = {
  kind: "transfer",
  from: 1 as AccountNumber,
  to: 4 as AccountNumber,
  asset: 0 as AssetId,
  amount: money("10"),
};

describe("a deposit", () => {
  it("adds to the account and to what the venue holds", () => {
    const given = new Given();

    equal(given.apply(deposit), undefined);

    const [event] = given.venue.events;
    deepEqual(event, {
      kind: "transfer_completed",
      transferSeq: 7,
      from: undefined,
      to: 1,
      asset: 2,
      amount: money("10"),
      externalId: "",
      reason: "test",
      repeated: false,
    });
    equal(given.balance(1, "USDT"), "10+0");
    equal(given.venue.supply(2 as AssetId), money("10"));
  });

  it("acts once for each externalId of an account and direction", () => {
    const given = new Given();
    const named = { ...deposit, externalId: "bank-1" };
    given.apply(named);
    given.tape();

    equal(given.apply({ ...named, amount: money("99") }), undefined);

    const events = [...given.venue.events];
    deepEqual(
      events.map(
        (event) =>
          event.kind === "transfer_completed" && [event.transferSeq, event.amount, event.repeated],
      ),
      [[7, money("10"), true]],
    );
    given.apply({ ...named, account: 2 as AccountNumber });
    equal(given.balance(1, "USDT"), "10+0");
    equal(given.balance(2, "USDT"), "10+0");
    equal(given.apply({ ...named, kind: "withdraw" }), undefined);
    equal(given.balance(1, "USDT"), "0+0");
  });

  it("that was refused may be tried again under its externalId", () => {
    const given = new Given();
    const named = { ...deposit, externalId: "bank-1" };

    equal(given.apply({ ...named, amount: amount(0n) }), "amount_out_of_range");
    equal(given.apply(named), undefined);
    equal(given.balance(1, "USDT"), "10+0");
  });

  it("is refused when its amount, asset or account isn't one", () => {
    const given = new Given();

    equal(given.apply({ ...deposit, amount: amount(-1n) }), "amount_out_of_range");
    equal(given.apply({ ...deposit, amount: amount(MAX_AMOUNT + 1n) }), "amount_out_of_range");
    equal(given.apply({ ...deposit, asset: 9 as AssetId }), "asset_not_found");
    equal(given.apply({ ...deposit, asset: -1 as AssetId }), "asset_not_found");
    equal(given.apply({ ...deposit, account: 9 as AccountNumber }), "account_not_found");
    equal(given.apply({ ...deposit, account: 0 as AccountNumber }), "forbidden");
  });

  it("never brings all accounts together above what one may hold", () => {
    const given = new Given();
    given.apply({ ...deposit, amount: amount(MAX_AMOUNT - 5n) });

    equal(
      given.apply({ ...deposit, account: 2 as AccountNumber, amount: amount(6n) }),
      "amount_out_of_range",
    );
    equal(given.apply({ ...deposit, account: 2 as AccountNumber, amount: amount(5n) }), undefined);
    equal(given.venue.balance(1 as AccountNumber, 2 as AssetId).available, MAX_AMOUNT - 5n);
  });
});

describe("a withdrawal", () => {
  it("takes what is available and nothing that is locked", () => {
    const given = new Given();
    given.place(1, "buy", 100, 4_400_000);

    equal(given.withdraw(1, "USD", "999956.00000001"), "insufficient_balance");
    equal(given.withdraw(1, "USD", "999956"), undefined);
    equal(given.balance(1, "USD"), "0+44");
    equal(given.venue.supply(0 as AssetId), money("2000044"));
  });

  it("of nothing or less is refused", () => {
    const given = new Given();
    const withdraw = { ...deposit, kind: "withdraw", asset: 0 as AssetId } as const;

    equal(given.apply({ ...withdraw, amount: amount(0n) }), "amount_out_of_range");
    equal(given.apply({ ...withdraw, amount: amount(-1n) }), "amount_out_of_range");
  });
});

describe("a transfer", () => {
  it("moves money within a family, at once and free", () => {
    const given = new Given();
    const sub = given.join({ parent: 1 as AccountNumber, name: "sub" });

    equal(given.apply({ ...transfer, to: sub }), undefined);

    equal(given.balance(1, "USD"), "999990+0");
    equal(given.balance(sub, "USD"), "10+0");
    equal(given.apply({ ...transfer, from: sub, to: 1 as AccountNumber }), undefined);
    equal(given.venue.supply(0 as AssetId), money("3000000"));
  });

  it("is refused outside the family, to itself, and without the money", () => {
    const given = new Given();
    const sub = given.join({ parent: 1 as AccountNumber, name: "sub" });

    equal(given.apply({ ...transfer, to: 2 as AccountNumber }), "not_same_family");
    equal(given.apply({ ...transfer, to: 1 as AccountNumber }), "not_same_family");
    equal(given.apply({ ...transfer, to: 9 as AccountNumber }), "account_not_found");
    equal(
      given.apply({ ...transfer, to: sub, amount: money("1000000.1") }),
      "insufficient_balance",
    );
    equal(given.apply({ ...transfer, to: sub, amount: amount(-1n) }), "amount_out_of_range");
    given.update(1, { status: "suspended" });
    equal(given.apply({ ...transfer, to: sub }), "account_suspended");
    given.fund(sub, "USD", "10");
    equal(given.apply({ ...transfer, from: sub, to: 1 as AccountNumber }), undefined);
  });
});

describe("balances", () => {
  it("show every asset ever touched, and zero for one never touched", () => {
    const given = new Given();
    const account = given.join();
    given.fund(account, "USDT", "1");
    given.wait(1_000);
    given.withdraw(account, "USDT", "1");

    deepEqual(given.venue.balances(account), [
      { asset: 2, available: 0n, locked: 0n, updatedAt: given.now },
    ]);
    deepEqual(given.venue.balance(account, 0 as AssetId), {
      asset: 0,
      available: 0n,
      locked: 0n,
      updatedAt: 0,
    });
  });

  it("survive any number of accounts and assets that come later", () => {
    const given = new Given();
    for (let n = 0; n < 30; n++) given.apply({ kind: "list_asset", asset: `A${n}` });
    for (let n = 0; n < 300; n++) given.fund(given.join(), "A29", `${n + 1}`);

    equal(given.balance(1, "USD"), "1000000+0");
    equal(given.balance(103, "A29"), "100+0");
    equal(given.balance(103, "A28"), "0+0");
  });
});
