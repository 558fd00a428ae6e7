import {
  type AmendOrder,
  type CancelAllOrders,
  type CancelOrder,
  type Clock,
  type Duration,
  duration,
  type PlaceOrder,
  type Timer,
} from "@tse/domain";
import type { Exchange, Origin, Unit } from "./exchange.ts";

/** What clients trade with. Its `kind` is the operation that chaos rules name. */
export type TradingCommand = PlaceOrder | CancelOrder | CancelAllOrders | AmendOrder;

export type Operation = TradingCommand["kind"];

/** What is done to a command on its way in. */
export interface Interference {
  /** The command as it goes on: the one asked about, or an order with a fault written into it. */
  readonly command: TradingCommand;
  /** How long the command is held before the sequencer; 0 for not at all. */
  readonly delay: Duration;
}

/** The faults of the moment. */
export interface Interferer {
  /** Asked once a command, in order of arrival. */
  interfere(command: TradingCommand, origin: Origin): Interference;
}

export interface OrderEntryParts {
  readonly exchange: Pick<Exchange, "submit">;
  readonly clock: Clock;
  readonly faults: Interferer;
  /** Held before the sequencer by every command, faults aside. */
  readonly matchingLatency: Duration;
}

interface Held {
  /** World time at which it goes on to the sequencer. */
  readonly due: number;
  readonly sendOn: () => void;
}

/**
 * The way of clients' trading commands into the exchange. A command may be held here; none overtakes
 * another: one that isn't delayed itself waits behind those that are. Its checks, its reservation and
 * its matching all happen after the wait, when the sequencer takes it.
 */
export class OrderEntry {
  readonly #exchange: Pick<Exchange, "submit">;
  readonly #clock: Clock;
  readonly #faults: Interferer;
  readonly #matchingLatency: Duration;
  /** In order of arrival, which is the order of `due`. */
  #held: Held[] = [];
  #timer: Timer | undefined;
  #closed = false;

  constructor(parts: OrderEntryParts) {
    this.#exchange = parts.exchange;
    this.#clock = parts.clock;
    this.#faults = parts.faults;
    this.#matchingLatency = parts.matchingLatency;
  }

  /** Commands that wait here now. */
  get waiting(): number {
    return this.#held.length;
  }

  /** As `Exchange.submit`, once the command's wait is over. */
  submit<Answer = Unit>(
    given: TradingCommand,
    origin: Origin,
    answer?: (unit: Unit) => Answer,
  ): Promise<Answer> {
    const { command, delay } = this.#faults.interfere(given, origin);
    const wait = this.#matchingLatency + delay;
    if (this.#closed || (wait === 0 && this.#held.length === 0)) {
      return this.#exchange.submit(command, origin, answer);
    }

    const due = Math.max(this.#clock.now() + wait, this.#held.at(-1)?.due ?? 0);
    return new Promise((resolve) => {
      const sendOn = () => resolve(this.#exchange.submit(command, origin, answer));
      this.#held.push({ due, sendOn });
      if (this.#held.length === 1) this.#wakeAt(due);
    });
  }

  /** Sends on at once what is held, in order, and holds nothing more. */
  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    for (const { sendOn } of this.#held) sendOn();
    this.#held = [];
  }

  #wakeAt(due: number): void {
    const delay = duration(Math.max(0, due - this.#clock.now()));
    this.#timer = this.#clock.after(delay, () => this.#release());
  }

  #release(): void {
    const now = this.#clock.now();
    const waiting = this.#held.findIndex(({ due }) => due > now);
    const released = this.#held.splice(0, waiting === -1 ? this.#held.length : waiting);
    for (const { sendOn } of released) sendOn();

    const next = this.#held[0];
    if (next !== undefined) this.#wakeAt(next.due);
  }
}
