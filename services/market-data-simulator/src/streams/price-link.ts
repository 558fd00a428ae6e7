import { type Clock, type Duration, duration, type Timer } from "@tse/domain";
import type { Logger } from "@tse/service-kit";
import type { PriceStreams, PriceUpdate, StreamRequest, UpdateStream } from "./price-updates.ts";

export interface PriceLinkParts {
  readonly streams: Pick<PriceStreams, "open">;
  readonly clock: Clock;
  readonly log: Logger;
  /** At least one, all of them known. */
  readonly symbols: readonly string[];
  /** Must not throw. */
  readonly listener: (update: PriceUpdate) => void;
}

/** Pauses between attempts to subscribe: those of a client over a wire, in world time. */
const PAUSE = { first: duration(250_000), longest: duration(5_000_000) } as const;

/** Each tick, conflated when it is too slow. */
const EACH_TICK = {
  updateIntervalMs: 0,
  bufferSize: 0,
  everyTick: false,
  resumeAfter: 0,
} satisfies Omit<StreamRequest, "symbols">;

/**
 * A subscriber in this process, under the contract of a gRPC stream: through the fan-out and the faults in force, the
 * newest prices first, and back again when its connection was cut. It only has no real time in it: it is told a price
 * before the clock moves on, and comes back in world time. So what it is told follows from the world's seed and
 * commands, faults included.
 */
export class PriceLink {
  readonly #parts: PriceLinkParts;
  #pause: Duration = PAUSE.first;
  #stream: UpdateStream | undefined;
  #timer: Timer | undefined;
  #isAway = false;
  #isOver = false;

  constructor(parts: PriceLinkParts) {
    this.#parts = parts;
  }

  start(): void {
    const { streams, symbols } = this.#parts;
    const stream = streams.open(
      { symbols, ...EACH_TICK },
      {
        kind: "process",
        isReady: true,
        take: (updates) => this.#take(updates),
        end: (why) => this.#lost(why),
      },
    );
    if ("code" in stream) this.#lost(stream.code);
    else this.#stream = stream;
  }

  stop(): void {
    this.#isOver = true;
    this.#timer?.cancel();
    this.#stream?.close();
  }

  #take(updates: readonly PriceUpdate[]): void {
    const { log, listener } = this.#parts;
    // What a fault delays may still be on its way.
    if (this.#isOver) return;
    if (this.#isAway) log.info("prices reach the world's participants again");
    this.#isAway = false;
    this.#pause = PAUSE.first;
    for (const update of updates) listener(update);
  }

  #lost(reason: string): void {
    const { clock, log } = this.#parts;
    this.#stream = undefined;
    if (reason === "shutting_down") return;
    if (!this.#isAway) log.warn("no prices reach the world's participants", { reason });
    this.#isAway = true;
    this.#timer = clock.after(this.#pause, () => this.start());
    this.#pause = duration(Math.min(2 * this.#pause, PAUSE.longest));
  }
}
