import { deepEqual, equal, notEqual } from "node:assert/strict";
import { describe, it } from "node:test";
import type { Account, AccountNumber, ApiKey, Timestamp } from "@tse/domain";
import { customer, Given } from "./given.ts";

const number = (value: number) => value as AccountNumber;
const close = (given: Given, account: number) =>
  given.apply({ kind: "close_account", account: number(account) });

describe("an account", () => {
  it("is created active, with KYC pending, numbered next, and found by its id", () => {
    const given = new Given();

    equal(given.apply({ ...customer, userId: "ann", metadata: '{"a":1}' }), undefined);

    const account = given.venue.account(number(4)) as Account;
    equal(account.status, "active");
    equal(account.kycStatus, "pending");
    equal(account.master, 4);
    equal(account.createdAt, given.now);
    deepEqual(given.venue.accountById(account.id), account);
    equal(given.venue.accountById(account.id.replace(/.$/, "f")), undefined);
    equal(given.venue.accountById("no id"), undefined);
    deepEqual(
      given.venue.accounts().map((each) => each.number),
      [1, 2, 3, 4],
    );
  });

  it("can't be a second account of the venue itself", () => {
    equal(new Given().apply({ ...customer, role: "venue" }), "forbidden");
  });

  it("that is suspended loses its orders and may neither trade nor withdraw until it is active again", () => {
    const given = new Given();
    given.place(1, "buy", 100, 4_400_000);
    given.place(1, "sell", 100, 4_500_000);
    given.tape();

    equal(given.update(1, { status: "suspended" }), undefined);

    deepEqual(given.tape(), [
      "account_updated",
      "closed 1 cancelled:account_suspended 100",
      "closed 2 cancelled:account_suspended 100",
      "level buy 0@4400000 #3",
      "level sell 0@4500000 #4",
      "balance 1/0 1000000+0",
      "balance 1/1 100+0",
    ]);
    equal(given.place(1, "buy", 100, 4_400_000), "account_suspended");
    equal(given.withdraw(1, "USD", "1"), "account_suspended");
    equal(given.fund(1, "USD", "1"), undefined);
    given.update(1, { status: "active" });
    equal(given.place(1, "buy", 100, 4_400_000), undefined);
  });

  it("closes only when it is empty and without orders, and that is final", () => {
    const given = new Given();
    const account = given.join();
    given.fund(account, "USD", "44");
    given.place(account, "buy", 100, 4_400_000);

    equal(close(given, account), "account_in_use");
    given.cancel(account, 1);
    equal(close(given, account), "account_in_use");
    given.withdraw(account, "USD", "44");
    equal(close(given, account), undefined);

    equal(close(given, account), "account_closed");
    equal(given.update(account, { status: "active" }), "account_closed");
    equal(given.fund(account, "USD", "1"), "account_closed");
    equal(given.place(account, "buy", 100, 4_400_000), "account_closed");
    equal(given.venue.account(account)?.status, "closed");
  });

  it("needs approved KYC to trade where the venue requires that", () => {
    const given = new Given({ kycRequired: true });

    equal(given.place(1, "buy", 100, 4_400_000), "kyc_required");
    given.update(1, { kycStatus: "approved" });
    equal(given.place(1, "buy", 100, 4_400_000), undefined);
    given.update(1, { kycStatus: "rejected" });
    equal(given.place(1, "buy", 100, 4_400_000), "kyc_required");
    equal(
      given.place(given.join({ role: "simulated" }), "buy", 100, 4_400_000),
      "insufficient_balance",
    );
  });

  it("keeps what an update doesn't name", () => {
    const given = new Given();
    const before = given.venue.account(number(1)) as Account;
    given.wait(5);

    given.update(1, { metadata: "{}" });

    deepEqual(given.venue.account(number(1)), { ...before, metadata: "{}", updatedAt: given.now });
    equal(before.metadata, "", "what was read before is a copy");
  });

  it("must exist, and not be the venue's own, to be changed", () => {
    const given = new Given();

    equal(given.update(99, { status: "suspended" }), "account_not_found");
    equal(given.update(-1, { status: "suspended" }), "account_not_found");
    equal(given.update(0, { status: "suspended" }), "forbidden");
    equal(close(given, 0), "forbidden");
    equal(close(given, 0.5), "account_not_found");
  });
});

describe("a sub-account", () => {
  const sub = { parent: number(1), name: "sub" };

  it("belongs to its master, whose KYC it starts with", () => {
    const given = new Given();
    given.update(1, { kycStatus: "approved" });

    const account = given.join(sub);

    equal(given.venue.account(account)?.master, 1);
    equal(given.venue.account(account)?.kycStatus, "approved");
    deepEqual(
      given.venue.subAccounts(number(1)).map((each) => each.number),
      [account],
    );
    deepEqual(given.venue.subAccounts(number(2)), []);
  });

  it("has a name that no other of the family has", () => {
    const given = new Given();
    given.join(sub);
    const other = given.join({ ...sub, name: "other" });

    equal(given.apply({ ...customer, ...sub }), "duplicate_name");
    equal(given.apply({ ...customer, ...sub, parent: number(2) }), undefined);
    equal(given.apply({ ...customer, ...sub, name: "" }), undefined);
    equal(given.apply({ ...customer, ...sub, name: "" }), undefined);
    equal(given.update(other, { name: "sub" }), "duplicate_name");
    equal(given.update(other, { name: "other" }), undefined);
  });

  it("is one level deep, of a living master, and one of a limited number", () => {
    const given = new Given({ maxSubAccounts: 2 });
    const first = given.join({ ...sub, name: "first" });

    equal(given.apply({ ...customer, parent: first }), "forbidden");
    equal(given.apply({ ...customer, parent: number(99) }), "account_not_found");
    equal(given.apply({ ...customer, parent: number(0) }), "forbidden");
    given.join({ ...sub, name: "second" });
    equal(given.apply({ ...customer, ...sub }), "max_sub_accounts");
    close(given, first);
    equal(given.apply({ ...customer, ...sub }), undefined);
    given.update(2, { status: "suspended" });
    equal(given.apply({ ...customer, parent: number(2) }), "account_suspended");
  });

  it("keeps its master from closing while it lives", () => {
    const given = new Given();
    const master = given.join();
    const account = given.join({ parent: master, name: "sub" });

    equal(close(given, master), "account_in_use");
    close(given, account);
    equal(close(given, master), undefined);
  });
});

describe("an API key", () => {
  const key: Omit<ApiKey, "createdAt"> = {
    keyId: "key-1-0123456789",
    account: number(1),
    label: "bot",
    scopes: ["read", "trade"],
    secretHash: "00",
    sealedSecret: "",
    addresses: [],
    expiresAt: 0 as Timestamp,
  };

  it("is kept until it is revoked", () => {
    const given = new Given();

    equal(given.apply({ kind: "create_key", key }), undefined);
    deepEqual(given.venue.key(key.keyId), { ...key, createdAt: given.now });
    deepEqual(given.venue.keysOf(number(1)), [{ ...key, createdAt: given.now }]);
    equal(
      given.apply({ kind: "create_key", key: { ...key, account: number(2) } }),
      "duplicate_key",
    );

    equal(
      given.apply({ kind: "revoke_key", account: number(2), keyId: key.keyId }),
      "key_not_found",
    );
    equal(
      given.apply({ kind: "revoke_key", account: number(99), keyId: key.keyId }),
      "account_not_found",
    );
    equal(given.apply({ kind: "revoke_key", account: number(1), keyId: key.keyId }), undefined);
    equal(given.venue.key(key.keyId), undefined);
    deepEqual(given.venue.keysOf(number(1)), []);
    equal(
      given.apply({ kind: "revoke_key", account: number(1), keyId: key.keyId }),
      "key_not_found",
    );
  });

  it("needs an account that isn't closed", () => {
    const given = new Given();
    const account = given.join();
    close(given, account);

    equal(given.apply({ kind: "create_key", key: { ...key, account } }), "account_closed");
    equal(
      given.apply({ kind: "create_key", key: { ...key, account: number(99) } }),
      "account_not_found",
    );
    equal(given.apply({ kind: "create_key", key: { ...key, account: number(0) } }), "forbidden");
  });

  it("comes with its account in one unit, or neither does", () => {
    const given = new Given();
    const { account: _, ...first } = key;

    const account = given.join({ key: first });

    const created = { ...first, account, createdAt: given.now };
    deepEqual(
      [...given.venue.events],
      [
        { kind: "account_created", account: given.venue.account(account) },
        { kind: "key_created", key: created },
      ],
    );
    deepEqual(given.venue.keysOf(account), [created]);
    given.tape();

    equal(given.apply({ ...customer, key: first }), "duplicate_key");
    deepEqual([given.venue.accounts().length, given.tape()], [account, []]);
  });

  it("is part of the state", () => {
    const given = new Given();
    const before = given.venue.stateHash();

    given.apply({ kind: "create_key", key });

    notEqual(given.venue.stateHash(), before);
  });
});
