import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Ready, WorldProcess } from "./world-process.ts";

const FROZEN_WORLD = ["--json", "--port", "0", "--seed", "42", "--clock", "virtual"];

interface Answer {
  readonly status: number;
  readonly body: {
    readonly now: string;
    readonly code: string;
    readonly errors: readonly { readonly field: string; readonly rule: string }[];
  };
}

async function clock(
  { admin, adminToken }: Ready,
  method: string,
  path: string,
  body?: object,
): Promise<Answer> {
  const response = await fetch(`${admin}/admin/clock${path}`, {
    method,
    headers: { authorization: `Bearer ${adminToken}`, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Answer["body"] };
}

describe("the clock of a frozen world", () => {
  it("lets requests be served during an advance, and ends it at SIGTERM within 5 s", async () => {
    await using world = await WorldProcess.start(FROZEN_WORLD);
    const ready = await world.ready();
    const before = (await clock(ready, "GET", "")).body.now;
    const advance = clock(ready, "POST", "/advance", { by: "8784h" });

    let now = before;
    while (now === before) ({ now } = (await clock(ready, "GET", "")).body);
    assert.equal((await fetch(`${ready.http}/api/v1/health`)).status, 200);

    world.signal("SIGTERM");
    const { status, body } = await advance;
    assert.deepEqual([status, body.code], [503, "shutting_down"]);
    assert.equal(await world.exitCode(), 0);
  });

  it("isn't set to a time that can't be counted, isn't in the calendar or is too far", async () => {
    await using world = await WorldProcess.start(FROZEN_WORLD);
    const ready = await world.ready();
    for (const [now, rule] of [
      ["2300-01-01T00:00:00Z", "time"],
      ["9999-12-31T23:59:59Z", "time"],
      ["2026-02-30T00:00:00Z", "time"],
      ["2027-01-07T00:00:00.000001Z", "too_far"],
      ["2255-01-01T00:00:00Z", "too_far"],
    ]) {
      const { status, body } = await clock(ready, "PUT", "", { mode: "virtual", now });
      assert.equal(status, 400, now);
      assert.deepEqual(
        body.errors.map(({ field, rule }) => [field, rule]),
        [["now", rule]],
      );
    }
    assert.equal((await clock(ready, "GET", "")).status, 200);
  });
});
