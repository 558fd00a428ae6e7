import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { IMPLEMENTATIONS, type Implementation } from "./implementations.ts";
import { priceFeedContract, priceFeedListContract } from "./price-feed-repository.contract.ts";

const CONTRACTS: readonly ((implementation: Implementation) => void)[] = [
  priceFeedContract,
  priceFeedListContract,
];

const passed = new Map<string, number>();

for (const implementation of IMPLEMENTATIONS) {
  const { name, skip } = implementation;
  describe(`market data in ${name}`, { skip }, () => {
    afterEach((test) => {
      if ("passed" in test && test.passed) passed.set(name, (passed.get(name) ?? 0) + 1);
    });
    for (const contract of CONTRACTS) contract(implementation);
  });
}

describe("the implementations of market data", () => {
  it("pass the same number of tests, each of them", () => {
    const tested = IMPLEMENTATIONS.filter(({ skip }) => skip === false);
    const counts = tested.map(({ name }) => passed.get(name));
    assert.ok((counts[0] ?? 0) > 0);
    assert.deepEqual(
      counts,
      tested.map(() => counts[0]),
    );
  });
});
