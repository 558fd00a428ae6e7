import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Latency } from "./latency.ts";
import { quantile } from "./quantile.ts";
import type { Workload } from "./workload.ts";

/** The books alone; the whole venue, its events hashed; and with every event built as an object. */
export const CONTENDERS = ["bare", "venue", "decoded"] as const;

export type ContenderName = (typeof CONTENDERS)[number];

export interface ContenderTask {
  readonly name: ContenderName;
  readonly workload: Workload;
  readonly totals: Float64Array;
}

/** What a contender's thread answers to the request of the same name. */
export interface Answers {
  /** Commands per CPU-second of the thread. */
  readonly round: number;
  readonly latency: Latency;
  readonly outcome: {
    readonly trades: string;
    readonly events: string;
    readonly state: string;
    readonly eventCount: number;
  };
}

export type Rates = Readonly<Record<ContenderName, number>>;

/** Rounds before those that count: V8 compiles in them. */
const WARM_UP = 2;

/** One workload with a thread for each contender. */
export class Contest {
  readonly #threads: Readonly<Record<ContenderName, Worker>>;

  constructor(workload: Workload, totals: Float64Array) {
    const start = (name: ContenderName) => {
      const workerData: ContenderTask = { name, workload, totals };
      return new Worker(new URL("./venue-worker.ts", import.meta.url), { workerData });
    };
    this.#threads = { bare: start("bare"), venue: start("venue"), decoded: start("decoded") };
  }

  async ask<Request extends keyof Answers>(name: ContenderName, request: Request) {
    const answer = once(this.#threads[name], "message");
    this.#threads[name].postMessage(request);
    return (await answer)[0] as Answers[Request];
  }

  /** Median rates over the rounds, in which the contenders run by turns. */
  async rates(rounds: number): Promise<Rates> {
    const rates: Record<ContenderName, number[]> = { bare: [], venue: [], decoded: [] };
    for (let round = -WARM_UP; round < rounds; round++) {
      for (const name of CONTENDERS) {
        const rate = await this.ask(name, "round");
        if (round >= 0) rates[name].push(rate);
      }
    }
    const median = (of: number[]) =>
      quantile(
        of.toSorted((one, other) => one - other),
        0.5,
      );
    return { bare: median(rates.bare), venue: median(rates.venue), decoded: median(rates.decoded) };
  }

  async end(): Promise<void> {
    for (const name of CONTENDERS) await this.#threads[name].terminate();
  }
}
