import { deepEqual, doesNotMatch, equal, match, notEqual, ok, throws } from "node:assert/strict";
import { describe, it } from "node:test";
import { duration, timestamp } from "@tse/domain";
import { type KeyRequest, KeyRing } from "../src/keys.ts";
import { START, startExchange } from "./support/exchange.ts";

const HOME = "127.0.0.1";
const secretKey = Buffer.alloc(32, 1);

async function keyRing() {
  const world = await startExchange();
  const keys = new KeyRing(world.venue, { secretKey, now: () => world.clock.now() });
  const account = await world.open();

  async function issue(more: Partial<KeyRequest> = {}) {
    const request = { account: account.number, label: "test", scopes: ["read"] as const, ...more };
    const issued = keys.issue(request);
    const { rejection } = await world.submit(issued.command);
    equal(rejection, undefined);
    return { ...issued, bearer: `Bearer ${issued.keyId}.${issued.secret}` };
  }
  return { ...world, keys, account, issue };
}

describe("KeyRing", () => {
  it("knows the account that a key and its secret speak for", async () => {
    const { keys, account, issue } = await keyRing();
    const { bearer, keyId } = await issue();

    const principal = keys.bearer(bearer, HOME);

    equal(principal?.keyId, keyId);
    equal(principal?.account.id, account.id);
  });

  it("makes keys that fit the Binance dialect too: a plain id and an alphanumeric secret of 64", async () => {
    const { issue } = await keyRing();
    const { keyId, secret } = await issue();

    match(keyId, /^[A-Za-z0-9_-]{16,64}$/);
    match(secret, /^[A-Za-z0-9]{64}$/);
  });

  it("makes no key twice", async () => {
    const { issue } = await keyRing();
    const [one, other] = [await issue(), await issue()];

    notEqual(one.keyId, other.keyId);
    notEqual(one.secret, other.secret);
  });

  it("refuses a wrong secret, an unknown key, a missing and a malformed header alike", async () => {
    const { keys, issue } = await keyRing();
    const { bearer, keyId, secret } = await issue();
    const other = await issue();
    const refused = [
      undefined,
      "",
      "Bearer",
      "Bearer .",
      `Bearer ${keyId}`,
      `Bearer ${keyId}.`,
      `Bearer ${keyId}.${secret.slice(1)}`,
      `Bearer ${keyId}.${secret}x`,
      `Bearer ${keyId}.${other.secret}`,
      `Bearer ${"x".repeat(32)}.${secret}`,
      `Bearer __proto__0000000.${secret}`,
      `Basic ${keyId}.${secret}`,
      `${bearer} ${bearer}`,
      `Bearer ${keyId}.${secret}\0`,
      `Bearer ${"x".repeat(1_000_000)}`,
    ];

    for (const authorization of refused) equal(keys.bearer(authorization, HOME), undefined);
    ok(keys.bearer(bearer, HOME) !== undefined);
  });

  it("gives a scope those that it includes", async () => {
    const { keys, issue } = await keyRing();
    const scopesOf = async (...scopes: KeyRequest["scopes"]) => {
      const { bearer } = await issue({ scopes });
      return [...(keys.bearer(bearer, HOME)?.scopes ?? [])].sort();
    };

    deepEqual(await scopesOf("read"), ["read"]);
    deepEqual(await scopesOf("trade"), ["read", "trade"]);
    deepEqual(await scopesOf("admin"), ["admin", "read", "trade"]);
    deepEqual(await scopesOf(), []);
  });

  it("honours the addresses of a key, however a dual-stack socket writes them", async () => {
    const { keys, issue } = await keyRing();
    const { bearer } = await issue({ addresses: ["10.0.0.7", "::1"] });

    ok(keys.bearer(bearer, "10.0.0.7") !== undefined);
    ok(keys.bearer(bearer, "::ffff:10.0.0.7") !== undefined);
    ok(keys.bearer(bearer, "::1") !== undefined);
    equal(keys.bearer(bearer, HOME), undefined);
  });

  it("takes an address for what it is, however it is written", async () => {
    const { keys, issue } = await keyRing();
    const works = async (listed: string, used: string): Promise<boolean> =>
      keys.bearer((await issue({ addresses: [listed] })).bearer, used) !== undefined;

    for (const mapped of ["::ffff:127.0.0.1", "::FFFF:7f00:1", "0:0:0:0:0:ffff:127.0.0.1"]) {
      ok(await works(mapped, "127.0.0.1"), mapped);
      ok(await works("127.0.0.1", mapped), mapped);
    }
    ok(await works("2001:DB8:0::1", "2001:db8::1"));
    ok(await works("fe80::0:1%eth0", "fe80::1%eth0"));
    ok(!(await works("fe80::1%eth0", "fe80::1%eth1")));
    ok(!(await works("::ffff:127.0.0.1", "127.0.0.2")));
    const { command } = await issue({ addresses: ["::ffff:10.0.0.7", "::0:1"] });
    deepEqual(command.key.addresses, ["10.0.0.7", "::1"]);
  });

  it("lets a key expire at its time", async () => {
    const { keys, issue, advance } = await keyRing();
    const second = duration(1_000_000);
    const { bearer, keyId } = await issue({ expiresAt: timestamp(START + second) });

    ok(keys.bearer(bearer, HOME) !== undefined);
    await advance(second);
    equal(keys.bearer(bearer, HOME), undefined);
    equal(keys.principal(keyId, HOME), undefined);
  });

  it("forgets a revoked key from the next request on", async () => {
    const { keys, account, issue, submit } = await keyRing();
    const { bearer, keyId } = await issue();
    ok(keys.secretOf(keyId) !== undefined);

    await submit({ kind: "revoke_key", account: account.number, keyId });

    equal(keys.bearer(bearer, HOME), undefined);
    equal(keys.secretOf(keyId), undefined);
  });

  it("gives a secret back to who checks signatures, and keeps it nowhere in the clear", async () => {
    const { keys, venue, issue } = await keyRing();
    const { keyId, secret } = await issue();

    equal(keys.secretOf(keyId), secret);
    equal(keys.secretOf(keyId), secret);
    equal(keys.secretOf("unknown-key-00000"), undefined);
    doesNotMatch(JSON.stringify(venue.key(keyId)), new RegExp(secret));
  });

  it("can't open what another secret key sealed", async () => {
    const { venue, clock, issue } = await keyRing();
    const { bearer, keyId } = await issue();
    const stranger = new KeyRing(venue, {
      secretKey: Buffer.alloc(32, 2),
      now: () => clock.now(),
    });

    equal(stranger.secretOf(keyId), undefined);
    ok(stranger.bearer(bearer, HOME) !== undefined, "hashes need no secret key");
  });

  it("seals a fixed pair the same each time, and other pairs differently", async () => {
    const { keys, account } = await keyRing();
    const request = { account: account.number, label: "", scopes: [] };
    const fixed = { keyId: "a-key-of-the-world", secret: "s".repeat(64) };
    const sealed = (keyId: string, secret: string) =>
      keys.issue({ ...request, fixed: { keyId, secret } }).command.key.sealedSecret;

    equal(sealed(fixed.keyId, fixed.secret), sealed(fixed.keyId, fixed.secret));
    notEqual(sealed(fixed.keyId, fixed.secret), sealed("another-key-000000", fixed.secret));
    notEqual(sealed(fixed.keyId, fixed.secret), sealed(fixed.keyId, "t".repeat(64)));
  });

  it("takes a secret key of 32 bytes only", async () => {
    const { venue } = await startExchange();

    throws(() => new KeyRing(venue, { secretKey: Buffer.alloc(16), now: () => START }), RangeError);
  });
});
