import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startService } from "./running-service.ts";

describe("the admin API's storage and audit requests", () => {
  it("show the trail in order, and that it is whole", async () => {
    await using world = await startService();
    const { body: storage } = await world.admin("POST", "/admin/storage/verify");
    assert.deepEqual([storage.holds, storage.differences], [true, []]);

    const first = await world.admin("GET", "/admin/audit/events?limit=2");
    assert.equal(first.status, 200);
    assert.deepEqual(
      first.body.events.map(({ seq }: { seq: number }) => seq),
      [1, 2],
    );
    const next = await world.admin("GET", `/admin/audit/events?after=${first.body.last}&limit=1`);
    assert.equal(next.body.events[0].prevHash, first.body.events[1].hash);
    const { body: chain } = await world.admin("GET", "/admin/audit/verify");
    assert.equal(chain.intact, true);
    const { body: status } = await world.admin("GET", "/admin/storage");
    assert.deepEqual([status.store, status.projection.state], ["memory", "running"]);
  });

  it("show who changed the clock and who broke what, with the request that did it", async () => {
    await using world = await startService();
    const change = await world.admin("PUT", "/admin/clock", { mode: "virtual", speed: 2.5 });
    assert.equal(change.status, 200);
    const rule = await world.admin("POST", "/chaos/reject-orders", { rejection_rate: 0.5 });
    assert.equal(rule.status, 201, JSON.stringify(rule.body));
    await world.admin("DELETE", `/chaos/${rule.body.chaos_id}`);
    await world.admin("POST", "/admin/storage/verify");

    const events = [];
    for (const action of ["clock.changed", "chaos.started", "chaos.ended"]) {
      const { body } = await world.admin("GET", `/admin/audit/events?action=${action}`);
      events.push(...body.events);
    }
    assert.deepEqual(
      events.map(({ action, actor }) => [action, actor]),
      [
        ["clock.changed", "admin"],
        ["chaos.started", "admin"],
        ["chaos.ended", "admin"],
      ],
    );
    assert.deepEqual([events[0].payload.mode, events[0].payload.speed], ["virtual", "2.5"]);
    const ids = events.map(({ correlationId }) => correlationId);
    assert.ok(
      ids.every((id) => id !== ""),
      ids.join(),
    );
    assert.equal(new Set(ids).size, 3);
    assert.equal((await world.admin("GET", "/admin/audit/verify")).body.intact, true);
  });

  it("name the field and the rule of what is wrong", async () => {
    await using world = await startService();
    const faults = [
      ["after=-1", "after", "range"],
      ["after=1e3", "after", "range"],
      ["limit=0", "limit", "range"],
      ["limit=1001", "limit", "range"],
      ["account=X", "account", "uuid"],
      ["entity=", "entity", "length"],
      ["action=%00", "action", "text"],
      [`correlationId=${"c".repeat(65)}`, "correlationId", "length"],
      ["unknown=1", "unknown", "unknown_field"],
    ] as const;
    for (const [query, field, rule] of faults) {
      const { status, body } = await world.admin("GET", `/admin/audit/events?${query}`);
      assert.equal(status, 400, query);
      const [error] = body.errors;
      assert.deepEqual([query, error.field, error.rule], [query, field, rule]);
    }
  });
});
