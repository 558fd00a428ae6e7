import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { ApiKey } from "../src/index.ts";
import { anAccount, at, refused } from "./fixtures.ts";
import { contract, type OpenStore } from "./stores.ts";

const secretHash = "ab".repeat(32);

async function aKey(store: OpenStore) {
  const { accountId } = await anAccount(store);
  return { keyId: randomUUID(), accountId, secretHash };
}

export const apiKeyRepositoryContract = contract("api keys", (check) => {
  check("fills what a new key leaves out", async (store) => {
    const { apiKeyRepository: keys } = store.repositories;
    const given = await aKey(store);
    const made = await keys.create(given);
    assert.deepEqual(made, {
      ...given,
      label: undefined,
      kind: "SECRET",
      scopes: ["read"],
      secretCiphertext: undefined,
      publicKey: undefined,
      ipAllow: undefined,
      createdAt: store.clock.now(),
      lastUsedAt: undefined,
      expiresAt: undefined,
      revokedAt: undefined,
    });
    assert.deepEqual(await keys.getById(given.keyId), made);
  });

  check("keeps bytes and lists as they are", async (store) => {
    const { apiKeyRepository: keys } = store.repositories;
    const given = await aKey(store);
    const key: ApiKey = {
      ...given,
      label: "l",
      kind: "ED25519",
      scopes: ["admin", "read", "trade"],
      secretHash: undefined,
      secretCiphertext: Uint8Array.from({ length: 256 }, (_, i) => i),
      publicKey: "-----BEGIN\n",
      ipAllow: ["::1", 'a"b\\c,{}', "", "NULL", "\u001e"],
      createdAt: at(1),
      lastUsedAt: at(2),
      expiresAt: at(3),
      revokedAt: at(4),
    };
    await keys.saveMany([key]);
    assert.deepEqual(await keys.getById(key.keyId), key);
    const bare = { ...key, scopes: [], ipAllow: [], secretCiphertext: new Uint8Array() };
    await keys.saveMany([key, bare]);
    assert.deepEqual(await keys.getById(key.keyId), bare);
  });

  check("refuses an id twice and what breaks a rule", async (store) => {
    const { apiKeyRepository: keys } = store.repositories;
    const given = await aKey(store);
    await keys.create(given);
    const message = `api key already exists: ${given.keyId}`;
    await refused("already_exists", () => keys.create(given), message);
    const keyId = randomUUID();
    await refused("conflict", () => keys.create({ ...given, keyId: "short" }));
    await refused("conflict", () => keys.create({ keyId, accountId: given.accountId }));
    await refused("conflict", () => keys.create({ ...given, keyId, kind: "RSA" }));
    await refused("conflict", () => keys.create({ ...given, keyId, scopes: ["root" as "read"] }));
    await refused("conflict", () => keys.create({ ...given, keyId, accountId: randomUUID() }));
  });

  check("is revoked once, and remembers its use", async (store) => {
    const { apiKeyRepository: keys } = store.repositories;
    const key = await keys.create(await aKey(store));
    const revokedAt = store.clock.advance(1);
    const revoked = await keys.revoke(key.keyId);
    assert.deepEqual(revoked, { ...key, revokedAt });
    store.clock.advance(1);
    assert.deepEqual(await keys.revoke(key.keyId), revoked);
    const used = await keys.updateLastUsed(key.keyId, at(9));
    assert.deepEqual(used, { ...revoked, lastUsedAt: at(9) });
    const message = "api key not found: x";
    await refused("not_found", () => keys.getById("x"), message);
    await refused("not_found", () => keys.revoke("x"), message);
    await refused("not_found", () => keys.updateLastUsed("x", at(1)), message);
  });

  check("filters by everything it says", async (store) => {
    const { apiKeyRepository: keys } = store.repositories;
    const first = await keys.create(await aKey(store));
    const { accountId } = first;
    const rsa = { keyId: randomUUID(), accountId, kind: "RSA", publicKey: "p" } as const;
    const second = await keys.create({ ...rsa, createdAt: at(1) });
    await keys.revoke(second.keyId);
    const asked = async (query: Parameters<typeof keys.query>[0]) =>
      (await keys.query({ accountId, ...query })).items.map(({ keyId }) => keyId);
    assert.deepEqual(await asked({}), [first.keyId, second.keyId]);
    assert.deepEqual(await asked({ kind: "RSA" }), [second.keyId]);
    assert.deepEqual(await asked({ revoked: true }), [second.keyId]);
    assert.deepEqual(await asked({ revoked: false }), [first.keyId]);
    const listed = await keys.getByAccount(accountId);
    assert.deepEqual(
      listed.map(({ keyId }) => keyId),
      [first.keyId, second.keyId],
    );
  });
});
