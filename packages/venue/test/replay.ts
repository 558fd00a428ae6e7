import { amount, timestamp } from "@tse/domain";
import { RandomCommands, seededRandom } from "@tse/simulation";
import { Digest, Venue } from "../src/index.ts";

const START = 1_700_000_000_000_000;

/** Runs so many random commands of a seed and returns the hashes of all events and of the state. */
export function replay(seed: string, commands: number): string {
  const venue = new Venue({
    kycRequired: false,
    maxSubAccounts: 10,
    orderRate: { perSecond: 50, burst: 100 },
    maxOrderNotional: amount(10n ** 22n),
    unitOfAccount: "USD",
  });
  const digest = new Digest();
  const random = new RandomCommands(venue, seededRandom(seed), 200);
  for (const command of random.opening()) venue.apply(command, timestamp(START));
  for (let n = 0; n < commands; n++) {
    venue.apply(random.next(), timestamp(START + n * 100));
    venue.events.addTo(digest);
    venue.events.clear();
  }
  return `${digest} ${venue.stateHash()}`;
}

if (import.meta.main) process.stdout.write(replay(process.argv[2] ?? "", Number(process.argv[3])));
