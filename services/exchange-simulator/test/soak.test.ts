import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { AccountNumber, Trade } from "@tse/domain";
import { Auditor, auditVenue, seededRandom } from "@tse/simulation";
import type { Unit } from "../src/exchange.ts";
import { newVenue } from "../src/genesis.ts";
import { ADMIN_TOKEN, call, type RunningService, startService } from "./service/running.ts";
import { SoakClient } from "./soak-client.ts";

const SECONDS = 30;
const CLIENTS = 20;
const FILLS = 2_000;
const FILLS_BY_MAKERS = 200;

type Soaked = RunningService & { readonly units: readonly Unit[] };

const tradesOf = ({ units }: Soaked): readonly Trade[] =>
  units.flatMap(({ events }) => events.filter((event) => event.kind === "trade"));

/** Fills of customers, and how many of them the simulated makers gave. */
function countFills(world: Soaked): { readonly all: number; readonly byMakers: number } {
  const { venue } = world.service.exchange;
  const isCustomer = (account: AccountNumber) => venue.account(account)?.role === "customer";
  let all = 0;
  let byMakers = 0;
  for (const { takerAccount, makerAccount } of tradesOf(world)) {
    if (isCustomer(takerAccount)) all += 1;
    if (isCustomer(makerAccount)) all += 1;
    if (isCustomer(takerAccount) && !isCustomer(makerAccount)) byMakers += 1;
  }
  return { all, byMakers };
}

function hasFills(world: Soaked): boolean {
  const { all, byMakers } = countFills(world);
  return all >= FILLS && byMakers >= FILLS_BY_MAKERS;
}

/** What came in from outside, less what went out, by asset. */
function deposited({ units }: Soaked): readonly (readonly [asset: number, sum: bigint])[] {
  const sums = new Map<number, bigint>();
  for (const event of units.flatMap(({ events }) => events)) {
    if (event.kind !== "transfer_completed" || event.repeated) continue;
    const sign = event.from === undefined ? 1n : -1n;
    if (event.from !== undefined && event.to !== undefined) continue;
    sums.set(event.asset, (sums.get(event.asset) ?? 0n) + sign * event.amount);
  }
  return [...sums].toSorted(([a], [b]) => a - b);
}

/** What the venue's accounts hold together, its own among them. */
function held({ service }: RunningService): readonly (readonly [asset: number, sum: bigint])[] {
  const { venue } = service.exchange;
  const accounts = [0 as AccountNumber, ...venue.accounts().map(({ number }) => number)];
  return venue.assets().map(({ id }) => {
    const totals = accounts.map((account) => venue.balance(account, id));
    return [id, totals.reduce((sum, { available, locked }) => sum + available + locked, 0n)];
  });
}

/** Repeats every command in a venue of its own, with the auditor behind each. */
function auditReplay({ units, service }: Soaked): void {
  const venue = newVenue();
  const auditor = new Auditor(venue);
  for (const { command, time, sequence } of units) {
    venue.events.clear();
    venue.apply(command, time);
    assert.deepEqual(auditor.follow(venue.events), [], `command ${sequence}: ${command.kind}`);
  }
  assert.deepEqual(auditor.checkAll(), []);
  assert.equal(venue.stateHash(), service.exchange.venue.stateHash());
}

describe("A soak of at least 30 seconds", () => {
  it("lets 20 accounts trade over REST, and loses nothing", async (test) => {
    const units: Unit[] = [];
    await using service = await startService({ onUnit: (unit) => void units.push(unit) });
    const world: Soaked = { ...service, units };
    const random = seededRandom(42).fork("soak");
    const opening = Array.from({ length: CLIENTS }, (_, i) =>
      SoakClient.open(world, random.fork(`client ${i}`), `client-${i}`),
    );
    const clients = await Promise.all(opening);

    // A slow machine takes longer for as much: how fast it is belongs to the benchmarks.
    const end = performance.now() + SECONDS * 1_000;
    const enough = () => performance.now() >= end && hasFills(world);
    await Promise.all(clients.map((client) => client.tradeUntil(enough)));
    const invariants = await call(`${world.admin}/admin/invariants`, "GET", ADMIN_TOKEN);
    await world.service.stop();

    const { all, byMakers } = countFills(world);
    test.diagnostic(`${all} fills, ${byMakers} by makers, ${world.units.length} commands`);
    const statuses = new Set(clients.flatMap(({ answers }) => [...answers.keys()]));
    assert.ok(
      [...statuses].every((status) => status < 500 && status !== 400),
      `answers: ${[...statuses].join(", ")}`,
    );

    assert.deepEqual(world.failures, []);
    assert.deepEqual([invariants.status, invariants.body.violations], [200, []]);
    assert.deepEqual(auditVenue(world.service.exchange.venue), []);
    assert.deepEqual(held(world), deposited(world));
    auditReplay(world);
  });
});
