import { deepEqual, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import { amount, timestamp } from "@tse/domain";
import { Venue } from "@tse/venue";
import { Auditor, RandomCommands, seededRandom } from "../src/index.ts";

const COMMANDS = 100_000;
const ACCOUNTS = 1_000;
const FULL_EVERY = 1_000;
const START = 1_700_000_000_000_000;

function openVenue(): Venue {
  return new Venue({
    kycRequired: false,
    maxSubAccounts: 5,
    orderRate: { perSecond: 50, burst: 100 },
    maxOrderNotional: amount(10n ** 22n),
    unitOfAccount: "USD",
  });
}

describe("the auditor", () => {
  it(`finds nothing wrong in ${COMMANDS} random commands of ${ACCOUNTS} accounts`, (test) => {
    const venue = openVenue();
    const auditor = new Auditor(venue);
    const commands = new RandomCommands(venue, seededRandom("auditor"), ACCOUNTS);
    let now = START;
    const kinds = new Map<string, number>();
    const run = (command: Parameters<Venue["apply"]>[0]) => {
      const rejection = venue.apply(command, timestamp(now));
      if (rejection !== undefined) count(kinds, rejection.code);
      for (const event of venue.events)
        count(kinds, event.kind === "order_closed" ? event.end : event.kind);
      deepEqual(auditor.follow(venue.events), []);
      venue.events.clear();
    };

    for (const command of commands.opening()) run(command);
    for (let n = 1; n <= COMMANDS; n++) {
      now += 100;
      run(commands.next());
      if (n % FULL_EVERY === 0) deepEqual(auditor.checkAll(), []);
    }

    test.diagnostic(
      [...kinds]
        .sort()
        .map(([kind, times]) => `${kind} ${times}`)
        .join(", "),
    );
    ok((kinds.get("trade") ?? 0) > COMMANDS / 10, "the commands trade");
  });
});

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
