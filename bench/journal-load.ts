import {
  type AccountNumber,
  amount,
  type InstrumentId,
  lots,
  type Sequence,
  ticks,
  timestamp,
} from "@tse/domain";
import type { LogEntry } from "@tse/journal";
import { quantile } from "./quantile.ts";

/** What is measured of a log. */
export interface Appender {
  append(batch: readonly LogEntry[]): Promise<unknown>;
}

export interface Load {
  /** Durable entries a second. */
  readonly rate: number;
  /** From the call to the acknowledgement. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface LoadOptions {
  readonly producers: number;
  /** After this time nothing more is appended. */
  readonly seconds: number;
  /** So many entries are appended at most. */
  readonly entries: number;
}

/** Producers that each append an entry, wait until it is durable, and append the next. */
export async function produce(log: Appender, options: LoadOptions): Promise<Load> {
  const { producers, seconds, entries } = options;
  const times: number[] = [];
  const start = performance.now();
  const end = start + seconds * 1000;
  let sequence = 0;
  const producer = async () => {
    for (let now = start; now < end && sequence < entries; ) {
      const entry = orderEntry(++sequence);
      const called = performance.now();
      await log.append([entry]);
      now = performance.now();
      times.push(now - called);
    }
  };
  await Promise.all(Array.from({ length: producers }, producer));
  const taken = performance.now() - start;
  const sorted = Float64Array.from(times).sort();
  return {
    rate: (sequence / taken) * 1000,
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
  };
}

/** A limit order as a gateway journals it. */
function orderEntry(sequence: number): LogEntry {
  return {
    sequence: sequence as Sequence,
    time: timestamp(1_700_000_000_000_000 + sequence * 3),
    origin: { actor: "key_4f1c9a7be2d03358", correlationId: `0197c5e8-3c1d-7000-${sequence}` },
    command: {
      kind: "place_order",
      account: (1 + (sequence % 1000)) as AccountNumber,
      instrument: (sequence % 32) as InstrumentId,
      side: sequence % 2 === 0 ? "buy" : "sell",
      type: "limit",
      limit: ticks(5_000_000 + (sequence % 5000)),
      quantity: lots(1 + (sequence % 100_000)),
      quoteQuantity: amount(0n),
      timeInForce: "gtc",
      postOnly: false,
      selfTradePrevention: "expire_maker",
      clientOrderId: `order-${sequence}`,
      fault: undefined,
    },
  };
}
