import type { AccountNumber, Command, InstrumentId, RejectCode } from "@tse/domain";
import type { Logger } from "@tse/service-kit";
import type { VenueView } from "@tse/venue";
import { type Exchange, isUnavailable } from "../exchange.ts";

const ORIGIN = { actor: "participant", correlationId: "" };

/**
 * The hand of one simulated participant: sends its commands and counts what became of them. A refused
 * command is counted and logged, and changes nothing else: the next quote or arrival goes on.
 */
export class Trader {
  readonly account: AccountNumber;
  readonly #exchange: Exchange;
  readonly #log: Logger;
  readonly #refusals = new Map<RejectCode, number>();
  #sent = 0;

  constructor(exchange: Exchange, account: AccountNumber, log: Logger) {
    this.account = account;
    this.#exchange = exchange;
    this.#log = log;
  }

  get sent(): number {
    return this.#sent;
  }

  /** How many commands were refused, by code. */
  get refusals(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#refusals);
  }

  /** The venue has applied the command when this returns; it is durable when the promise resolves. */
  async send(command: Command): Promise<void> {
    this.#sent += 1;
    try {
      const { rejection } = await this.#exchange.submit(command, ORIGIN);
      if (rejection !== undefined) this.#refused(command, rejection.code);
    } catch (error) {
      if (!isUnavailable(error)) throw error;
    }
  }

  #refused({ kind }: Command, code: RejectCode): void {
    this.#refusals.set(code, (this.#refusals.get(code) ?? 0) + 1);
    this.#log.debug("a participant was refused", { command: kind, code, account: this.account });
  }
}

/** For operators. */
export interface TraderState {
  readonly account: string;
  readonly liveOrders: number;
  readonly sent: number;
  readonly refusals: Readonly<Record<string, number>>;
}

export function traderState(
  trader: Trader,
  instrument: InstrumentId,
  venue: VenueView,
): TraderState {
  return {
    account: venue.account(trader.account)?.id ?? "",
    liveOrders: venue.liveOrders(trader.account, instrument).length,
    sent: trader.sent,
    refusals: trader.refusals,
  };
}
