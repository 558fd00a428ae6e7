import { after, before, describe, it } from "node:test";
import { timestamp } from "@tse/domain";
import { type OpenStore as OpenTestStore, type TestStore, testStores } from "@tse/storage/testing";
import { type ExchangeRepositories, repositoriesOver } from "../src/exchange-repositories.ts";
import { exchangeMigrations } from "../src/index.ts";
import { storeDefaultInstruments } from "../src/instruments/defaults.ts";

export type OpenStore = OpenTestStore<ExchangeRepositories>;

/** A store under a contract. */
export interface StoreUnderTest extends TestStore<ExchangeRepositories> {
  /** Tests of it that have passed. */
  passed: number;
}

/** When the clocks of the stores begin. */
export const NOON = timestamp(1_767_322_800_123_456);

const exchange = {
  migrations: exchangeMigrations,
  repositoriesOver,
  seed: storeDefaultInstruments,
};

/** Every implementation of the repositories. */
export const STORES: readonly StoreUnderTest[] = testStores(exchange, NOON).map((store) => ({
  ...store,
  passed: 0,
}));

/** Declares tests that every store has to pass, and counts those that do. */
export function contract(
  subject: string,
  tests: (check: (name: string, test: (store: OpenStore) => Promise<void>) => void) => void,
): (store: StoreUnderTest) => void {
  return (store) => {
    describe(`${subject} (${store.name})`, { skip: store.skip }, () => {
      let open: OpenStore;
      before(async () => {
        open = await store.open();
      });
      after(() => open.close());
      tests((name, test) =>
        it(name, async () => {
          await test(open);
          store.passed += 1;
        }),
      );
    });
  };
}
