import { type AccountNumber, amount, type Command, type Sequence, timestamp } from "@tse/domain";
import { type LogEntry, MemoryCommandLog, type Origin } from "@tse/journal";
import { RandomCommands, seededRandom } from "@tse/simulation";
import type { Venue, VenueView } from "@tse/venue";
import { newVenue } from "../../src/genesis.ts";

/** A journal, and the venue that stands at its end. */
export interface Journal {
  readonly log: MemoryCommandLog;
  readonly venue: Venue;
  readonly entries: readonly LogEntry[];
  readonly last: Sequence;
  /** Requests that act only once, by account and key. */
  readonly requests: readonly (readonly [AccountNumber, string])[];
}

const ACCOUNTS = 15;
const START = 1_767_571_200_000_000;
const STEP = 300_000;

const wideRules: Command = {
  kind: "configure_venue",
  rules: {
    kycRequired: false,
    maxSubAccounts: 10,
    orderRate: undefined,
    maxOrderNotional: amount(10n ** 22n),
  },
};

/** The journal that `count` random commands of a seed leave, some of them of requests that act only once. */
export async function randomJournal(seed: number, count: number): Promise<Journal> {
  const venue = newVenue();
  const random = new RandomCommands(venue, seededRandom(seed), ACCOUNTS);
  const entries: LogEntry[] = [];
  const requests: (readonly [AccountNumber, string])[] = [];
  const take = (random: Command) => {
    const command = asIssued(random);
    const origin = originOf(command, entries.length, venue);
    const time = timestamp(START + entries.length * STEP);
    const { request } = origin;
    if (request !== undefined) requests.push([request.account, request.key]);
    venue.events.clear();
    venue.apply(command, time);
    entries.push({ sequence: venue.sequence, time, origin, command });
  };
  take(wideRules);
  for (const command of random.opening()) take(command);
  while (entries.length < count) take(random.next());
  return { ...(await journalOf(entries)), venue, requests };
}

/** A journal in memory of these entries. */
export async function journalOf(entries: readonly LogEntry[]) {
  const log = new MemoryCommandLog();
  await log.append(entries);
  return { log, entries, last: log.lastSequence };
}

/** With ids and secrets of keys in the form in which the service makes them. */
function asIssued(command: Command): Command {
  switch (command.kind) {
    case "create_key":
      return { ...command, key: { ...command.key, ...issued(command.key.keyId) } };
    case "revoke_key":
      return { ...command, keyId: issued(command.keyId).keyId };
    case "create_account": {
      const { key } = command;
      return key === undefined ? command : { ...command, key: { ...key, ...issued(key.keyId) } };
    }
    default:
      return command;
  }
}

function issued(keyId: string) {
  return { keyId: keyId.padEnd(24, "_"), secretHash: "ab".repeat(32), sealedSecret: "c2VjcmV0" };
}

/** Every third order comes with a request's name; the rest vary in who asks. */
function originOf(command: Command, number: number, venue: VenueView): Origin {
  const origin = { actor: number % 5 === 0 ? "admin" : "key", correlationId: `c-${number}` };
  if (command.kind !== "place_order" || number % 3 !== 0) return origin;
  const { account, instrument } = command;
  // The gateways send none for an account or an instrument that isn't there.
  const isListed = venue.instruments().some(({ id }) => id === instrument);
  if (!isListed || venue.account(account)?.role !== "customer") return origin;
  const hash = number.toString(16).padStart(64, "0");
  return { ...origin, request: { account, key: `k-${number}`, hash, reply: "orders.place" } };
}
