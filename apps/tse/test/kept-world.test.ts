import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { scratch } from "./small-world.ts";
import { tse } from "./tse.ts";
import { type Ready, WorldProcess } from "./world-process.ts";

/** One quiet maker an instrument: what is kept is looked at, not who trades. */
const QUIET = ["--participants", "fixed-spread"];
const FROZEN = ["--json", "--port", "0", "--clock", "virtual", ...QUIET];

/** Asks a listener for JSON. */
async function ask<Body>(url: string, token: string, init: RequestInit = {}): Promise<Body> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const response = await fetch(url, { ...init, headers });
  const text = await response.text();
  assert.ok(response.ok, `${url}: ${response.status} ${text}`);
  return JSON.parse(text) as Body;
}

async function buy({ http, demo }: Ready): Promise<string> {
  const { order } = await ask<{ order: { orderId: string; status: string } }>(
    `${http}/api/v1/orders`,
    `${demo.keyId}.${demo.secret}`,
    {
      method: "POST",
      body: JSON.stringify({
        accountId: demo.accountId,
        symbol: "BTC/USD",
        side: "BUY",
        orderType: "MARKET",
        quantity: "0.01",
      }),
    },
  );
  assert.equal(order.status, "FILLED");
  return order.orderId;
}

interface State {
  readonly sequence: number;
  readonly stateHash: string;
}

const state = ({ admin, adminToken }: Ready) => ask<State>(`${admin}/admin/state`, adminToken);

/** Until every command has its rows. */
async function projected({ admin, adminToken }: Ready): Promise<void> {
  for (;;) {
    const { sequence, projection } = await ask<{
      sequence: number;
      projection: { position: number };
    }>(`${admin}/admin/storage`, adminToken);
    if (projection.position === sequence) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

interface Verdict {
  readonly intact: boolean;
  readonly events: number;
  readonly lastHash: string;
}

/** What `tse audit verify` says of an audit trail that is as it should be. */
async function audited(DATA_DIR: string, ...more: string[]): Promise<Verdict> {
  const { code, stdout, stderr } = await tse(["audit", "verify", "--json", ...more], { DATA_DIR });
  // A run of over a second shows its progress, so stderr isn't always empty.
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as Verdict;
}

describe("a world that is kept", () => {
  it("goes on where it stopped, also from another directory that it was moved to as one file", async () => {
    await using place = await scratch();
    const here = join(place.path, "here");
    const there = join(place.path, "there");
    const file = join(place.path, "world.tgz");

    let ready: Ready;
    let orderId: string;
    {
      await using world = await WorldProcess.start([...FROZEN, "--seed", "9"], { DATA_DIR: here });
      ready = await world.ready();
      assert.deepEqual([ready.restored, ready.dataDir], [0, here]);
      orderId = await buy(ready);
      await projected(ready);

      assert.ok((await audited(here, "--url", ready.admin)).events > 0);
      for (const verb of ["audit verify", "db status", "world export"]) {
        const operand = verb.startsWith("world") ? [file] : [];
        const busy = await tse([...verb.split(" "), ...operand], { DATA_DIR: here });
        assert.equal(busy.code, 1);
        assert.match(busy.stderr, verb.startsWith("audit") ? /runs: ask it with --url/ : /in use/);
      }
      assert.equal(await world.stop(), 0);
    }

    const kept = await audited(here);
    assert.equal(kept.intact, true);
    const packed = await tse(["world", "export", file], { DATA_DIR: here });
    assert.match(packed.stdout, /Keep it as you would keep a password/);
    const unpacked = await tse(["world", "import", file, "--data-dir", there]);
    assert.match(unpacked.stdout, /\(seed 9\) is in .*; it goes on with: npm start -- --data-dir /);
    const moved = await audited(there);
    assert.deepEqual(moved, kept);

    const goesOn = await continued({ DATA_DIR: here, STORE: "memory" }, ready);
    const movedOn = await continued({ DATA_DIR: there }, ready, async (moved) => {
      await projected(moved);
      const { order } = await ask<{ order: { orderId: string; status: string } }>(
        `${moved.http}/api/v1/orders/${orderId}`,
        `${moved.demo.keyId}.${moved.demo.secret}`,
      );
      assert.deepEqual([order.orderId, order.status], [orderId, "FILLED"]);
    });
    assert.deepEqual(movedOn, goesOn);

    const status = await tse(["db", "status", "--json"], { DATA_DIR: there });
    assert.equal(status.code, 0);
    assert.ok(status.stdout.includes('"state":"applied"'));
  });
});

/** Starts the world again, by its own seed, and trades with the keys that it had. @returns its state before */
async function continued(
  environment: Record<string, string>,
  before: Ready,
  check: (ready: Ready) => Promise<void> = async () => {},
): Promise<State> {
  await using world = await WorldProcess.start(FROZEN, environment);
  const ready = await world.ready();
  assert.ok(ready.restored > 0);
  assert.deepEqual(ready.demo, before.demo);
  const found = await state(ready);
  await check(ready);
  await buy(ready);
  assert.equal(await world.stop(), 0);
  return found;
}
