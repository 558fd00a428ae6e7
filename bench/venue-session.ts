import type { Command } from "@tse/domain";
import { Digest, type Venue } from "@tse/venue";
import { tradeCode } from "./contenders.ts";
import { Fingerprint } from "./fingerprint.ts";
import { openVenue, START, type VenueCommands } from "./venue-commands.ts";
import type { Workload } from "./workload.ts";

/**
 * What is done with the events: `words` hashes them, `objects` builds each event as well and takes the
 * fingerprint of the trades, to be held against bare matching.
 */
export type Reading = "words" | "objects";

/** Commands between two readings of the log, as a sequencer gathers them for one flush. */
const BATCH = 64;

/** A venue with a workload before it. */
export class VenueSession {
  readonly trades = new Fingerprint();
  events = 0;
  readonly #venue: Venue;
  readonly #commands: VenueCommands;
  readonly #reading: Reading;
  readonly #digest = new Digest();

  constructor(workload: Workload, commands: VenueCommands, reading: Reading) {
    this.#venue = openVenue(workload.symbols);
    this.#commands = commands;
    this.#reading = reading;
  }

  get digest(): string {
    return this.#digest.toString();
  }

  get stateHash(): string {
    return this.#venue.stateHash();
  }

  run(from: number, to: number): void {
    const { commands, starts } = this.#commands;
    const end = starts[to] as number;
    for (let i = starts[from] as number; i < end; i++) {
      this.#venue.apply(commands[i] as Command, START);
      if (i % BATCH === BATCH - 1) this.#read();
    }
    this.#read();
  }

  #read(): void {
    const { events } = this.#venue;
    this.events += events.length;
    events.addTo(this.#digest);
    if (this.#reading === "objects") this.#decode();
    events.clear();
  }

  #decode(): void {
    const { placedBy } = this.#commands;
    for (const event of this.#venue.events) {
      if (event.kind !== "trade") continue;
      const maker = placedBy[event.makerOrder] as number;
      const taker = placedBy[event.takerOrder] as number;
      this.trades.add(tradeCode(maker, taker, event.price, event.quantity));
    }
  }
}
