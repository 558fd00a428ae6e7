import { type Duration, InvariantViolation, type Sequence } from "@tse/domain";
import type { SnapshotStore } from "@tse/journal";
import type { Logger } from "@tse/service-kit";
import { ExchangeStopped, type Unit } from "../exchange.ts";
import type { Sequencer } from "../sequencer.ts";

export interface SnapshotKeeperParts {
  readonly exchange: Pick<Sequencer, "atRest" | "venue">;
  readonly store: SnapshotStore;
  /** All that a restart needs, as plain data; called while the venue and the views stand still. */
  readonly save: () => unknown;
  /** Commands, and real time, after which a snapshot is due. */
  readonly everyCommands: number;
  readonly every: Duration;
  readonly logger: Logger;
  /** Told of each snapshot once it is durable. */
  readonly onWritten: (sequence: Sequence) => Promise<void>;
}

/**
 * Writes the state of the exchange out from time to time, so that a restart has few commands to repeat.
 * A snapshot that can't be written is logged and tried again when the next is due: the journal has
 * everything.
 */
export class SnapshotKeeper {
  readonly #parts: SnapshotKeeperParts;
  /** Sequence of the newest snapshot, written or under way. */
  #newest: Sequence;
  #writing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param newest sequence of the snapshot that the exchange was restored from; 0 for none */
  constructor(parts: SnapshotKeeperParts, newest: Sequence) {
    this.#parts = parts;
    this.#newest = newest;
  }

  /** Subscribe this to the exchange. */
  readonly record = ({ sequence }: Unit): void => {
    if (sequence - this.#newest >= this.#parts.everyCommands) void this.take();
  };

  start(): void {
    this.#timer = setInterval(() => void this.take(), this.#parts.every / 1_000);
    this.#timer.unref();
  }

  /** Writes a last snapshot. The exchange must still be open. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#writing;
    await this.take();
  }

  /** Resolves when the state of now, or of a snapshot under way, is durable, or could not be written. */
  take(): Promise<void> {
    if (this.#parts.exchange.venue.sequence === this.#newest)
      return this.#writing ?? Promise.resolve();
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  async #write(): Promise<void> {
    const { exchange, store, save, logger, onWritten } = this.#parts;
    const before = this.#newest;
    try {
      let state: unknown;
      await exchange.atRest(() => {
        this.#newest = exchange.venue.sequence;
        state = save();
      });
      const sequence = this.#newest;
      await store.write({ sequence, state });
      logger.debug("snapshot written", { sequence });
      await onWritten(sequence);
    } catch (error) {
      if (error instanceof ExchangeStopped) return;
      if (error instanceof InvariantViolation) throw error;
      this.#newest = before;
      logger.error("snapshot failed", { error });
    }
  }
}
