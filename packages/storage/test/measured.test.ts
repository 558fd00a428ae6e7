import { deepEqual, equal, ok, rejects, throws } from "node:assert/strict";
import { describe, it } from "node:test";
import { measured, StorageError } from "../src/index.ts";
import { recordedMetrics } from "./recorded-metrics.ts";

class Accounts {
  readonly kind = "accounts";
  #count = 41;

  async add(by: number): Promise<number> {
    this.#count += by;
    return this.#count;
  }

  async missing(): Promise<never> {
    throw new StorageError("not_found", "account not found: 7");
  }

  broken(): number {
    throw new Error("a bug");
  }
}

describe("a measured repository", () => {
  const { metrics, counters, histograms } = recordedMetrics();
  const accounts = measured("accounts", new Accounts(), metrics);

  it("does what the repository does, private state included", async () => {
    equal(await accounts.add(1), 42);
    equal(accounts.kind, "accounts");
    equal(accounts.add, accounts.add);
  });

  it("measures each call by its name", () => {
    const seconds = histograms.get("data_adapter_operation_seconds accounts add");
    equal(seconds?.length, 1);
    ok(seconds[0]! >= 0);
  });

  it("counts failures by their code and passes them on", async () => {
    await rejects(accounts.missing(), { code: "not_found" });
    throws(() => accounts.broken(), /a bug/);
    deepEqual(Object.fromEntries(counters), {
      "data_adapter_errors_total accounts missing not_found": 1,
      "data_adapter_errors_total accounts broken internal": 1,
    });
    equal(histograms.get("data_adapter_operation_seconds accounts broken")?.length, 1);
  });
});
