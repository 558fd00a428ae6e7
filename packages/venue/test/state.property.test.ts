import { deepEqual, equal } from "node:assert/strict";
import { describe, it } from "node:test";
import { amount, type Command, timestamp } from "@tse/domain";
import { Auditor, RandomCommands, seededRandom } from "@tse/simulation";
import fc from "fast-check";
import { Digest, Venue, type VenueOptions, type VenueState } from "../src/index.ts";

const OPTIONS: VenueOptions = {
  kycRequired: false,
  maxSubAccounts: 10,
  orderRate: { perSecond: 50, burst: 100 },
  maxOrderNotional: amount(10n ** 22n),
  unitOfAccount: "USD",
};
const ACCOUNTS = 25;
const COMMANDS = 1_500;
const START = 1_700_000_000_000_000;
const RUNS = { numRuns: 25 };

/** An uninterrupted run of a seed's commands, and what it did. */
function run(seed: number): { commands: Command[]; digest: string; hash: string } {
  const venue = new Venue(OPTIONS);
  const random = new RandomCommands(venue, seededRandom(seed), ACCOUNTS);
  const commands = [...random.opening()];
  const digest = new Digest();
  for (const [index, command] of commands.entries()) step(venue, command, index, digest);
  while (commands.length < COMMANDS) {
    const command = random.next();
    step(venue, command, commands.length, digest);
    commands.push(command);
  }
  return { commands, digest: digest.toString(), hash: venue.stateHash() };
}

function step(venue: Venue, command: Command, index: number, digest: Digest): void {
  venue.apply(command, timestamp(START + index * 1_000));
  venue.events.addTo(digest);
  venue.events.clear();
}

const seeds = fc.nat({ max: 1_000_000 });
const cuts = fc.nat({ max: COMMANDS });

describe("a saved state, for random commands and any cut of them", () => {
  it("makes a venue of the same hash, which goes on with the same events to the same state", () => {
    fc.assert(
      fc.property(seeds, cuts, (seed, cut) => {
        const { commands, ...whole } = run(seed);
        const digest = new Digest();
        const before = new Venue(OPTIONS);
        for (const [index, command] of commands.slice(0, cut).entries()) {
          step(before, command, index, digest);
        }

        const after = Venue.restore(OPTIONS, structuredClone(before.save()));

        equal(after.stateHash(), before.stateHash());
        deepEqual(after.save(), before.save());
        for (const [index, command] of commands.slice(cut).entries()) {
          step(after, command, cut + index, digest);
        }
        deepEqual({ digest: digest.toString(), hash: after.stateHash() }, whole);
      }),
      RUNS,
    );
  });

  it("stays what it was while the venue that was saved, and one made from it, go on", () => {
    fc.assert(
      fc.property(seeds, cuts, (seed, cut) => {
        const { commands } = run(seed);
        const venue = new Venue(OPTIONS);
        const unread = new Digest();
        const apply = (to: Venue, from: number, until: number) => {
          for (const [index, command] of commands.slice(from, until).entries()) {
            step(to, command, from + index, unread);
          }
        };
        apply(venue, 0, cut);
        const state = venue.save();
        const copy = structuredClone(state);

        apply(venue, cut, COMMANDS);
        apply(Venue.restore(OPTIONS, state), cut, COMMANDS);

        deepEqual(state, copy);
      }),
      { numRuns: 10 },
    );
  });

  it("is one that an auditor who starts there finds no fault with, then or later", () => {
    fc.assert(
      fc.property(seeds, cuts, (seed, cut) => {
        const { commands } = run(seed);
        const venue = restoredAt(commands, cut);
        const auditor = new Auditor(venue);
        deepEqual(auditor.checkAll(), []);
        for (const [index, command] of commands.slice(cut, cut + 300).entries()) {
          venue.apply(command, timestamp(START + (cut + index) * 1_000));
          deepEqual(auditor.follow(venue.events), []);
          venue.events.clear();
        }
        deepEqual(auditor.checkAll(), []);
      }),
      { numRuns: 10 },
    );
  });
});

function restoredAt(commands: readonly Command[], cut: number): Venue {
  const venue = new Venue(OPTIONS);
  const unread = new Digest();
  for (const [index, command] of commands.slice(0, cut).entries()) {
    step(venue, command, index, unread);
  }
  const state: VenueState = venue.save();
  return Venue.restore(OPTIONS, state);
}
