import { after, before, describe } from "node:test";
import type { Implementation, StoreUnderTest } from "./implementations.ts";

/** A contract suite over a store of its own, opened before the suite's first test. */
export function storeSuite(
  title: string,
  { name, open }: Implementation,
  tests: (store: () => StoreUnderTest) => void,
): void {
  describe(`${title} (${name})`, () => {
    let store: StoreUnderTest;
    before(async () => {
      store = await open();
    });
    after(() => store.close());
    tests(() => store);
  });
}
