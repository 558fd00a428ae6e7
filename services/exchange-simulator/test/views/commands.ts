import { amount, type Command, timestamp } from "@tse/domain";
import { RandomCommands, seededRandom } from "@tse/simulation";
import { Venue, type VenueOptions } from "@tse/venue";
import type { Unit } from "../../src/exchange.ts";

export const OPTIONS: VenueOptions = {
  kycRequired: false,
  maxSubAccounts: 10,
  orderRate: undefined,
  maxOrderNotional: amount(10n ** 22n),
  unitOfAccount: "USD",
};

const ACCOUNTS = 20;
const START = 1_700_000_000_000_000;
/** Far enough apart that the commands of a run are trades of several minutes. */
const STEP = 300_000;

/** The same `count` random commands for every run of a seed. */
export function randomCommands(seed: number, count: number): readonly Command[] {
  const venue = new Venue(OPTIONS);
  const random = new RandomCommands(venue, seededRandom(seed), ACCOUNTS);
  const commands: Command[] = [];
  for (const command of random.opening()) {
    unitOf(venue, command);
    commands.push(command);
  }
  while (commands.length < count) {
    const command = random.next();
    unitOf(venue, command);
    commands.push(command);
  }
  return commands;
}

/** Carries out a command; its time follows from its sequence. */
export function unitOf(venue: Venue, command: Command): Unit {
  const time = timestamp(START + venue.sequence * STEP);
  venue.events.clear();
  const rejection = venue.apply(command, time);
  const origin = { actor: "test", correlationId: "" };
  const events = [...venue.events];
  return { sequence: venue.sequence, time, origin, command, rejection, events };
}
