import { deepEqual, equal, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import { timestamp } from "@tse/domain";
import { type LogEntry, MemoryCommandLog } from "@tse/journal";
import { VirtualClock } from "@tse/simulation";
import { newVenue } from "../../src/genesis.ts";
import { KeyRing } from "../../src/keys.ts";
import { Sequencer } from "../../src/sequencer.ts";
import { setUpWorld } from "../../src/world/setup.ts";
import { START } from "../support/exchange.ts";

const demoKey = { keyId: "demo-key-of-these-tests", secret: "s".repeat(64) };

/** A world that was being set up when it was cut off after `entries`, and then set up. */
async function setUpAfter(entries: readonly LogEntry[]) {
  const log = new MemoryCommandLog();
  if (entries.length > 0) await log.append(entries);
  const clock = new VirtualClock(timestamp(START));
  const venue = newVenue();
  const exchange = new Sequencer({ venue, log, clock, onFatal: () => {} });
  await exchange.replay();
  const keys = new KeyRing(venue, { secretKey: Buffer.alloc(32, 7), now: () => clock.now() });
  await setUpWorld({ exchange, keys, demoKey });
  const all: LogEntry[] = [];
  for await (const run of log.read(log.firstSequence)) all.push(...run);
  return { venue, entries: all };
}

/** Without what is random: how the secret is sealed. */
function worldOf({ venue }: Awaited<ReturnType<typeof setUpAfter>>) {
  return {
    instruments: venue.instruments(),
    accounts: venue.accounts().map((account) => ({
      account,
      balances: venue.balances(account.number),
      keys: venue.keysOf(account.number).map(({ sealedSecret, ...key }) => key),
    })),
    sequence: venue.sequence,
  };
}

describe("Setting up a new world that a crash cut short", () => {
  it("is finished by the next start, after whichever command it was", async () => {
    const whole = await setUpAfter([]);
    const expected = worldOf(whole);
    ok(expected.accounts.length > 5);

    for (let cut = 1; cut <= whole.entries.length; cut++) {
      const again = await setUpAfter(whole.entries.slice(0, cut));
      deepEqual(worldOf(again), expected, `cut after ${cut} of ${whole.entries.length} commands`);
      equal(again.entries.length, whole.entries.length);
    }
  });
});
