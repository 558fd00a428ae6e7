import type { Clock, Command, Rejection, Sequence, Timestamp, VenueEvent } from "@tse/domain";
import type { Origin } from "@tse/journal";
import type { VenueView } from "@tse/venue";

export type { Origin };

/** One command and everything it did. Exists outside the sequencer only once it is durable. */
export interface Unit {
  readonly sequence: Sequence;
  readonly time: Timestamp;
  readonly origin: Origin;
  readonly command: Command;
  /** Why the venue refused it; its events, if any, are then `order_rejected` or a balance of nothing. */
  readonly rejection: Rejection | undefined;
  readonly events: readonly VenueEvent[];
}

/** Called once a unit, in sequence. Must not throw and must not submit synchronously. */
export type UnitListener = (unit: Unit) => void;

/**
 * The running venue. One command at a time: stamped, applied, journaled, and only then shown, to the
 * listeners in order of subscription and last to the caller.
 *
 * `submit` and `durable` reject with `ExchangeStopped` once the journal failed or the exchange closed;
 * whether a command in flight then took effect is known after the restart. `submit` rejects with
 * `ExchangeFull` while the journal has no room: nothing happened, and reads go on.
 */
export interface Exchange {
  /** Live state. It may be ahead of what is durable: await `durable()` before showing what you read. */
  readonly venue: VenueView;
  readonly clock: Clock;

  /**
   * Resolves when the command is durable and every listener has seen it: with the unit, or with what
   * `answer` makes of it. `answer` is called at the moment the unit is shown, while the views stand
   * exactly at it; when a promise's callback runs, later units may have been shown as well.
   */
  submit<Answer = Unit>(
    command: Command,
    origin: Origin,
    answer?: (unit: Unit) => Answer,
  ): Promise<Answer>;

  /** Resolves when everything applied before this call is durable and shown. */
  durable(): Promise<void>;

  /** @returns stops the calls */
  subscribe(listener: UnitListener): () => void;
}

/** The exchange takes nothing more: the journal failed, or it is shutting down. */
export class ExchangeStopped extends Error {
  override name = "ExchangeStopped";
}

/** The journal has no room: the command was not taken. The exchange goes on by itself when there is. */
export class ExchangeFull extends Error {
  override name = "ExchangeFull";

  constructor() {
    super("the journal has no room for another command now");
  }
}

/** The world is not there yet: where it lives could not be asked. It opens by itself. */
export class ExchangeNotOpen extends Error {
  override name = "ExchangeNotOpen";

  constructor() {
    super("the exchange has not opened yet");
  }
}

/** Whether the exchange can't take commands now, for no fault of who sent one. */
export function isUnavailable(error: unknown): boolean {
  const kinds = [ExchangeStopped, ExchangeFull, ExchangeNotOpen];
  return kinds.some((kind) => error instanceof kind);
}
