import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { amount, InvariantViolation } from "@tse/domain";
import { startService } from "./running-service.ts";

describe("A venue whose books don't balance", () => {
  it("says so, is logged with its last command, and stops the service", async () => {
    await using service = await startService();
    await service.admin("POST", "/admin/accounts", { userId: "last", accountType: "SPOT" });
    const { sequence } = service.venue;
    Object.assign(service.venue, { supply: () => amount(1n) });

    const { status, body } = await service.admin("GET", "/admin/invariants");
    assert.deepEqual([status, body.holds, body.sequence], [200, false, sequence]);
    assert(body.violations.length > 0);

    assert((await service.failure) instanceof InvariantViolation);
    const line = service.log
      .map((text) => JSON.parse(text))
      .find(({ message }) => message === "invariant violated");
    assert.deepEqual(
      [line.level, line.sequence, line.last_command, line.violations],
      ["error", sequence, "create_account", body.violations],
    );
  });

  it("is no reason to stop while they do balance", async () => {
    await using service = await startService();
    const { body } = await service.admin("GET", "/admin/invariants");
    assert.deepEqual([body.holds, body.violations], [true, []]);
    assert.equal((await service.admin("GET", "/admin/state")).status, 200);
    assert.deepEqual(service.failures, []);
  });
});
