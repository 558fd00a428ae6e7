/** Subscribers of the market-data service, all in a process that does nothing else. */
import { performance } from "node:perf_hooks";
import { type Got, READERS, type Reader, type ReaderKind } from "./fanout-readers.ts";
import { quantile } from "./quantile.ts";

/** What a client's process is asked, one thing at a time. */
export type Order =
  | { readonly kind: "connect"; readonly count: number }
  | { readonly kind: "count" | "pause" | "resume" };

/** What it has got since it was asked the last time. */
export interface Counts {
  readonly seconds: number;
  readonly messages: number;
  readonly bytes: number;
  readonly cpuSeconds: number;
  /** Milliseconds; nothing where latencies are not kept. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface ClientTask {
  readonly kind: ReaderKind;
  readonly http: string;
  readonly grpc: string;
  readonly symbols: readonly string[];
}

/** Connections that are made at a time. */
const AT_A_TIME = 20;

const { kind, ...where } = JSON.parse(process.argv[2] as string) as ClientTask;
const readers: Reader[] = [];
const got: Got = { messages: 0, bytes: 0, latencies: [] };
let since = performance.now();
let cpu = process.cpuUsage();

process.on("message", (order: Order) => {
  void carryOut(order).then((counts) => process.send?.(counts));
});
process.on("disconnect", () => process.exit());

async function carryOut(order: Order): Promise<Counts> {
  if (order.kind === "connect") await connect(order.count);
  if (order.kind === "pause") for (const reader of readers) reader.pause();
  if (order.kind === "resume") for (const reader of readers) reader.resume();
  return take();
}

async function connect(count: number): Promise<void> {
  const wanted = readers.length + count;
  while (readers.length < wanted) {
    const size = Math.min(AT_A_TIME, wanted - readers.length);
    const numbers = Array.from({ length: size }, (_, i) => readers.length + i);
    const opened = numbers.map((number) => READERS[kind]({ ...where, number }, got));
    readers.push(...(await Promise.all(opened)));
  }
}

function take(): Counts {
  const now = performance.now();
  const { user, system } = process.cpuUsage(cpu);
  const latencies = Float64Array.from(got.latencies).sort();
  const counts = {
    seconds: (now - since) / 1_000,
    messages: got.messages,
    bytes: got.bytes,
    cpuSeconds: (user + system) / 1e6,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    max: latencies.at(-1) ?? Number.NaN,
  };
  got.messages = 0;
  got.bytes = 0;
  got.latencies = [];
  since = performance.now();
  cpu = process.cpuUsage();
  return counts;
}
