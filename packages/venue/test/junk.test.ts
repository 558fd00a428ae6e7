import { deepEqual, equal } from "node:assert/strict";
import { describe, it } from "node:test";
import { amount, type Command, type Random, timestamp } from "@tse/domain";
import { Auditor, RandomCommands, seededRandom } from "@tse/simulation";
import { Venue } from "../src/index.ts";
import { options } from "./given.ts";

const COMMANDS = 20_000;
const START = 1_700_000_000_000_000;
const JUNK = [
  -1,
  0,
  1,
  7,
  0.5,
  -0,
  2 ** 31,
  2 ** 32 + 1,
  2 ** 53 - 1,
  2 ** 53,
  1e300,
  Number.POSITIVE_INFINITY,
];
const WIDE_JUNK = [-1n, 0n, 1n, 10n ** 24n, 10n ** 40n];

/** The command with some of its numbers replaced by any others. Its time is sound: that is the sequencer's. */
function spoilt(command: Command, random: Random): Command {
  const spoil = (value: unknown): unknown => {
    if (random.next() < 0.7) return value;
    if (typeof value === "number") return JUNK[random.integer(JUNK.length)];
    if (typeof value === "bigint") return WIDE_JUNK[random.integer(WIDE_JUNK.length)];
    return value;
  };
  const deep = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return spoil(value);
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, deep(part)]));
  };
  return deep(command) as Command;
}

describe("a venue that gets commands with any numbers", () => {
  it("never throws, and does nothing when it refuses but number a rejected order", () => {
    const random = seededRandom("junk");
    const venue = new Venue({ ...options, maxOrderNotional: amount(10n ** 22n) });
    const auditor = new Auditor(venue);
    const commands = new RandomCommands(venue, random.fork("commands"), 100);
    const run = (command: Command) => {
      const rejection = venue.apply(command, timestamp(START));
      const events = [...venue.events];
      if (rejection !== undefined)
        equal(events.filter(({ kind }) => kind !== "order_rejected").length, 0);
      deepEqual(auditor.follow(events), []);
      venue.events.clear();
    };

    for (const command of commands.opening()) run(command);
    for (let n = 0; n < COMMANDS; n++) {
      run(spoilt(commands.next(), random));
      if (n % 10 === 0) run(commands.next());
    }

    deepEqual(auditor.checkAll(), []);
  });
});
