import { deepEqual, equal, rejects } from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { CacheRepository } from "../src/index.ts";

/** A cache that nobody else uses, with a default time to live of 300 s. */
export interface CacheUnderTest {
  readonly cache: CacheRepository;
  /** Makes keys set with at most this time to live expire. */
  elapse(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** Long enough to be seen alive on a busy machine. */
const SHORT_MS = 400;

/** What every cache promises, whatever it keeps its values in. */
export function cacheRepositoryContract(
  name: string,
  skip: string | false,
  open: () => Promise<CacheUnderTest>,
): void {
  describe(`a cache in ${name}`, { skip }, () => {
    let cache: CacheRepository;
    let under: CacheUnderTest;

    before(async () => {
      under = await open();
      cache = under.cache;
    });
    after(() => under.close());

    const missing = (key: string) => ({ code: "not_found", message: `key not found: ${key}` });

    it("gives back text and bytes as they are, and everything else as JSON", async () => {
      const values: [unknown, string][] = [
        ["", ""],
        ['ü "quoted" \0 \n', 'ü "quoted" \0 \n'],
        [Buffer.from("bytes"), "bytes"],
        [{ a: [1, null] }, '{"a":[1,null]}'],
        [42, "42"],
        [null, "null"],
        [true, "true"],
      ];
      for (const [value, text] of values) {
        await cache.set("value", value, 0);
        equal(await cache.get("value"), text);
      }
    });

    it("refuses what is neither, and times to live that are none", async () => {
      for (const value of [undefined, 1n, () => {}]) {
        await rejects(cache.set("bad", value, 0), { code: "invalid_query" });
      }
      for (const ttl of [-2, 0.5, Number.NaN, 2 ** 53]) {
        await rejects(cache.set("bad", "x", ttl), { code: "invalid_query" });
        await rejects(cache.expire("bad", ttl), { code: "invalid_query" });
      }
      equal(await cache.exists("bad"), false);
    });

    it("knows what is there and what is not", async () => {
      await cache.set("there", "x", 0);
      equal(await cache.exists("there"), true);
      equal(await cache.delete("there"), true);
      equal(await cache.delete("there"), false);
      equal(await cache.exists("there"), false);
      await rejects(cache.get("there"), missing("there"));
    });

    it("forgets a key when its time is over", async () => {
      await cache.set("short", "x", SHORT_MS);
      await cache.set("default", "x", 0);
      await cache.set("forever", "x", -1);
      equal(await cache.get("short"), "x");
      await under.elapse(SHORT_MS);
      await rejects(cache.get("short"), missing("short"));
      equal(await cache.exists("default"), true);
      equal(await cache.exists("forever"), true);
    });

    it("gives a key a new time, or none", async () => {
      await cache.set("renewed", "x", SHORT_MS);
      await cache.set("kept", "x", SHORT_MS);
      await cache.set("shortened", "x", -1);
      equal(await cache.expire("renewed", 0), true);
      equal(await cache.expire("kept", -1), true);
      equal(await cache.expire("kept", -1), true);
      equal(await cache.expire("shortened", SHORT_MS), true);
      equal(await cache.expire("nothing", SHORT_MS), false);
      equal(await cache.expire("nothing", -1), false);
      await under.elapse(SHORT_MS);
      equal(await cache.exists("renewed"), true);
      equal(await cache.exists("kept"), true);
      equal(await cache.exists("shortened"), false);
    });

    it("replaces a value with its time", async () => {
      await cache.set("replaced", "old", SHORT_MS);
      await cache.set("replaced", "new", -1);
      await under.elapse(SHORT_MS);
      equal(await cache.get("replaced"), "new");
    });

    it("finds keys by pattern, without the namespace", async () => {
      const keys = ["p:1", "p:12", "p:a", "p:b", "p:*", "p:[x]", "p:?", "q:1", "p:\\"];
      for (const key of keys) await cache.set(key, "x", 0);
      const patterns: [string, string[]][] = [
        ["p:1", ["p:1"]],
        ["p:1*", ["p:1", "p:12"]],
        ["p:?", ["p:*", "p:1", "p:?", "p:\\", "p:a", "p:b"]],
        ["p:[ab]", ["p:a", "p:b"]],
        ["p:[a-c]", ["p:a", "p:b"]],
        ["p:[^a-z0-9]", ["p:*", "p:?", "p:\\"]],
        ["p:\\*", ["p:*"]],
        ["p:\\[x\\]", ["p:[x]"]],
        ["p:\\\\", ["p:\\"]],
        ["[pq]:1", ["p:1", "q:1"]],
        ["nothing*", []],
        ["p.1", []],
      ];
      for (const [pattern, found] of patterns) {
        deepEqual((await cache.keys(pattern)).sort(), found, pattern);
      }
    });

    it("deletes by pattern and tells how many", async () => {
      for (const key of ["d:1", "d:2", "e:1"]) await cache.set(key, "x", 0);
      equal(await cache.deleteByPattern("d:*"), 2);
      equal(await cache.deleteByPattern("d:*"), 0);
      equal(await cache.exists("e:1"), true);
    });

    it("finds ten thousand keys, each once", async () => {
      const all = Array.from({ length: 10_000 }, (_, index) => `many:${index}`);
      for (let from = 0; from < all.length; from += 500) {
        await Promise.all(all.slice(from, from + 500).map((key) => cache.set(key, "x", 0)));
      }
      deepEqual((await cache.keys("many:*")).sort(), all.sort());
      equal(await cache.deleteByPattern("many:*"), 10_000);
    });

    it("is healthy", () => cache.healthCheck());
  });
}
