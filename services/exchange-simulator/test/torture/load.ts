import { setTimeout as pause } from "node:timers/promises";
import type { Random } from "@tse/domain";
import { Connection } from "./connection.ts";
import { ADMIN_TOKEN, type ExchangeProcess } from "./exchange-process.ts";
import type { Doors, TradingClient } from "./trading-client.ts";

export function doorsOf({ http, admin }: ExchangeProcess, { identity }: TradingClient): Doors {
  return {
    native: new Connection(http, identity.token),
    admin: new Connection(admin, ADMIN_TOKEN),
  };
}

export function closeDoors({ native, admin }: Doors): void {
  native.close();
  admin.close();
}

/** Clients that all trade at once, until they are stopped or the process is gone. */
export class Load {
  readonly #exchange: ExchangeProcess;
  readonly #clients: readonly TradingClient[];
  readonly #before: number;
  readonly #trading: Promise<unknown>;
  readonly #waiting = new Set<{ readonly count: number; readonly resolve: () => void }>();
  readonly #broken: unknown[] = [];
  #latencies: number[] = [];
  #goesOn = true;

  /**
   * @param random each client draws from a stream of its own below it
   * @param paceMs between an answer and the client's next command; 0 for as fast as it goes
   */
  constructor(
    exchange: ExchangeProcess,
    clients: readonly TradingClient[],
    random: Random,
    paceMs = 0,
  ) {
    const goesOn = async () => {
      if (paceMs > 0) await pause(paceMs);
      return this.#goesOn;
    };
    this.#exchange = exchange;
    this.#clients = clients;
    this.#before = acknowledgedBy(clients);
    const trading = clients.map(async (client) => {
      client.inFlight = 0;
      client.onAnswer = (ms) => this.#answered(ms);
      const doors = doorsOf(exchange, client);
      const why = await client.trade(doors, random.fork(client.name), goesOn);
      closeDoors(doors);
      if (this.#goesOn) this.#broken.push(why);
    });
    this.#trading = Promise.all(trading);
  }

  /** Commands that were done, and the client knows it. */
  get acknowledged(): number {
    return acknowledgedBy(this.#clients) - this.#before;
  }

  /** Commands that are on their way now. */
  get inFlight(): number {
    return this.#clients.reduce((sum, { inFlight }) => sum + inFlight, 0);
  }

  /** Resolves when `count` more commands than now were acknowledged, or when no client is left. */
  async untilAcknowledged(count: number): Promise<void> {
    const target = this.acknowledged + count;
    const reached = new Promise<void>((resolve) => {
      this.#waiting.add({ count: target, resolve });
    });
    await Promise.race([reached, this.#trading]);
  }

  /** The ms within which 99 of 100 answers came since this was asked last. */
  takeP99(): number {
    const sorted = this.#latencies.toSorted((a, b) => a - b);
    this.#latencies = [];
    return sorted[Math.floor(sorted.length * 0.99)] ?? 0;
  }

  /** Nothing new is sent from now on, and a connection that breaks is no surprise. */
  halt(): void {
    this.#goesOn = false;
  }

  /** Resolves when each client is done. @returns connections that broke before `halt`, and why */
  async done(): Promise<readonly string[]> {
    this.halt();
    await this.#trading;
    const words = this.#exchange.lastWords();
    return this.#broken.map((why) => `a connection broke under load: ${why}\n${words}`);
  }

  #answered(ms: number): void {
    this.#latencies.push(ms);
    const { acknowledged } = this;
    for (const waiter of this.#waiting) {
      if (acknowledged < waiter.count) continue;
      waiter.resolve();
      this.#waiting.delete(waiter);
    }
  }
}

function acknowledgedBy(clients: readonly TradingClient[]): number {
  return clients.reduce((sum, { acknowledged }) => sum + acknowledged, 0);
}
