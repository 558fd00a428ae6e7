import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { MAX_AMOUNT, timestamp } from "@tse/domain";
import fc from "fast-check";
import type { NewPriceFeed } from "../src/price-feeds/price-feed.ts";
import { IMPLEMENTATIONS, type StoreUnderTest } from "./implementations.ts";

const decimal = fc.bigInt({ min: 1n, max: MAX_AMOUNT });
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const words = (maxLength: number) =>
  fc.string({ unit: "binary", maxLength }).filter((text) => !text.includes("\0"));
const moment = fc
  .integer({ min: -9_000_000_000_000_000, max: 9_000_000_000_000_000 })
  .map(timestamp);

const feed: fc.Arbitrary<NewPriceFeed> = fc
  .record({
    symbol: words(50),
    price: decimal,
    bid: maybe(decimal),
    volume24h: maybe(fc.bigInt({ min: 0n, max: MAX_AMOUNT })),
    source: words(100),
    sequence: maybe(fc.maxSafeInteger()),
    confidence: maybe(fc.integer({ min: 0, max: 10_000 }).map((count) => count * 10_000)),
    timestamp: moment,
    metadata: maybe(fc.dictionary(words(9), fc.oneof(words(9), fc.integer(), fc.boolean()))),
  })
  .map((given) => ({ ...given, ask: given.bid }));

for (const { name, skip, open } of IMPLEMENTATIONS) {
  describe(`every price feed, kept in ${name}`, { skip }, () => {
    let store: StoreUnderTest;
    before(async () => {
      store = await open();
    });
    after(() => store.close());

    it("reads back as it was given, to the last digit and microsecond", async () => {
      const repository = store.repositories.priceFeedRepository;
      await fc.assert(
        fc.asyncProperty(fc.array(feed, { minLength: 1, maxLength: 20 }), async (feeds) => {
          for (const given of await repository.createMany(feeds)) {
            const stored = await repository.getById(given.feedId);
            // A record without a prototype is another thing to deepEqual than the same one with it.
            assert.deepEqual(stored, { ...given, metadata: plain(given.metadata) });
          }
        }),
        { numRuns: 50 },
      );
    });
  });
}

function plain(metadata: object | undefined): object | undefined {
  return metadata === undefined ? undefined : { ...metadata };
}
