/** From a tick to its subscribers' sockets. `node bench/fanout.ts --help` */
import { cpus } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startClient } from "./fanout-client.ts";
import type { Counts } from "./fanout-client-process.ts";
import type { ReaderKind } from "./fanout-readers.ts";
import {
  type MarketDataService,
  startMarketData,
  TICKS_A_SECOND,
  type Used,
} from "./fanout-service.ts";
import { say } from "./report.ts";

const HELP = `Usage: node bench/fanout.ts [options]

  --only NAMES       of latency, capacity, stalled; comma-separated (all)
  --subscribers N    each of five symbols (1000)
  --flush MS,MS      STREAM_FLUSH_MS of the service (5,20); latency is measured at the first
  --seconds N        how long latency, and then a reader that stopped, is watched (20)
  --level N          seconds of each rate that is tried (4)
  --stalled N        readers that stop reading (20)
  --json             print JSON instead of tables
  --help

Latency: a market of ten ticks a second, and 1,000 WebSockets by the library ws. 'published' is the
service's own histogram, from a tick's making to the hand-over to its last subscriber's socket; 'received'
is from the time of the tick to its receipt: by all, and by 20 among them whose process has nothing else
to do. Capacity: the market's clock runs faster and faster until the market, the service or its readers fall
behind: a rate is kept up when 97 % of the prices are made and arrive, and nobody is passed over. Stalled:
readers stop reading while the market runs at 64 times its speed, beside a service whose readers go on: what
its memory grows, the service's must, too, and no more.
Service and subscribers are processes of one machine and share its cores; what others take is shown.`;

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "latency,capacity,stalled" },
    subscribers: { type: "string", default: "1000" },
    flush: { type: "string", default: "5,20" },
    seconds: { type: "string", default: "20" },
    level: { type: "string", default: "4" },
    stalled: { type: "string", default: "20" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const SYMBOLS = ["BTC/USD", "ETH/USD", "ADA/USD", "SOL/USD", "DOT/USD"];
const SUBSCRIBERS = Number(values.subscribers);
const SECONDS = Number(values.seconds);
const PROBES = 20;
/** Beyond the flush interval, in ms. */
const GOAL_MS = 5;
const SETTLE_MS = 2_000;
const KEPT_UP = 0.97;
const STALLED_SPEED = 64;
const SPEED_MIN = 4;
const SPEED_MAX = 256;
const MEGA = 1e6;

if (values.help) say(HELP);
else await run();

async function run(): Promise<void> {
  const wanted = values.only.split(",");
  const flushes = values.flush.split(",").map(Number);
  const machine = {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    node: process.version,
  };
  if (!values.json) {
    say(`${machine.cpu}, ${machine.cores} cores for all processes, Node ${machine.node}`);
  }
  const results: Record<string, unknown> = { machine, subscribers: SUBSCRIBERS };
  if (wanted.includes("latency")) {
    results.latency = await inMarket(flushes[0]!, (service) =>
      measureLatency(service, flushes[0]!),
    );
  }
  if (wanted.includes("capacity")) {
    const capacities = [];
    for (const flushMs of flushes) {
      for (const kind of ["bare", "batches"] as const) {
        capacities.push(
          await inMarket(flushMs, (service) => measureCapacity(service, kind, flushMs)),
        );
      }
    }
    results.capacity = capacities;
  }
  if (wanted.includes("stalled")) results.stalled = await compareStalled(flushes[0]!);
  if (values.json) say(JSON.stringify(results, null, 2));
}

async function inMarket<Result>(
  flushMs: number,
  work: (service: MarketDataService) => Promise<Result>,
): Promise<Result> {
  const service = await startMarketData(flushMs);
  try {
    await wait(SETTLE_MS);
    return await work(service);
  } finally {
    await service.end();
  }
}

function subscribers({ http, grpc }: MarketDataService, kind: ReaderKind) {
  return startClient({ kind, http, grpc, symbols: SYMBOLS });
}

async function measureLatency(service: MarketDataService, flushMs: number) {
  const idle = await service.used();
  const [crowd, probes] = [subscribers(service, "library"), subscribers(service, "library")];
  const half = Math.floor((SUBSCRIBERS - PROBES) / 2);
  // The probes are served in the middle, neither first nor last.
  await crowd.ask({ kind: "connect", count: half });
  await probes.ask({ kind: "connect", count: PROBES });
  await crowd.ask({ kind: "connect", count: SUBSCRIBERS - PROBES - half });
  await wait(SETTLE_MS);
  const before = await service.used();
  await Promise.all([crowd, probes].map((client) => client.ask({ kind: "count" })));
  await wait(SECONDS * 1_000);
  const [most, few] = (await Promise.all(
    [crowd, probes].map((client) => client.ask({ kind: "count" })),
  )) as [Counts, Counts];
  const during = await service.used();
  await Promise.all([crowd.end(), probes.end()]);
  await wait(SETTLE_MS);
  const after = await service.used();
  const result = {
    flushMs,
    goalMs: flushMs + GOAL_MS,
    messagesPerSecond: (most.messages + few.messages) / most.seconds,
    published: publishedBetween(before, during, flushMs + GOAL_MS),
    receivedByAll: timesOf(most),
    receivedByProbes: timesOf(few),
    serverCpu: (during.cpuSeconds - before.cpuSeconds) / most.seconds,
    clientCpu: (most.cpuSeconds + few.cpuSeconds) / most.seconds,
    othersCpu: othersCpu(before, during, [most, few]),
    residentMb: [idle, during, after].map(({ residentBytes }) => residentBytes / MEGA),
  };
  if (!values.json) printLatency(result);
  return result;
}

/** Cores that were taken by what is none of ours. */
function othersCpu(before: Used, after: Used, clients: readonly Counts[]): number {
  const ours = clients.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
  const all = after.busySeconds - before.busySeconds;
  const others = all - ours - (after.cpuSeconds - before.cpuSeconds);
  return Math.max(0, others) / (clients[0]?.seconds ?? 1);
}

function timesOf({ p50, p99, max }: Counts) {
  return { p50, p99, max };
}

/** From the histogram's buckets, linear within one. */
function publishedBetween(before: Used, after: Used, goalMs: number) {
  const counts = [...after.buckets].map(
    ([limit, count]) => [limit, count - (before.buckets.get(limit) ?? 0)] as const,
  );
  const all = counts.at(-1)?.[1] ?? 0;
  const at = (share: number): number => {
    const index = counts.findIndex(([, count]) => count >= all * share);
    const [low, below] = counts[index - 1] ?? [0, 0];
    const [high, upTo] = counts[index] ?? [Number.NaN, 0];
    return low + ((high - low) * (all * share - below)) / (upTo - below);
  };
  const withinGoal = (counts.find(([limit]) => limit >= goalMs)?.[1] ?? 0) / all;
  return { p50: at(0.5), p99: at(0.99), withinGoal };
}

function printLatency(result: Awaited<ReturnType<typeof measureLatency>>): void {
  const { published, receivedByAll, receivedByProbes, residentMb, goalMs } = result;
  const ms = (name: string, { p50, p99 }: { readonly p50: number; readonly p99: number }) =>
    say(`  ${name.padEnd(20)} p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms`);
  say(`\nlatency: ${count(result.messagesPerSecond)} messages/s, flush ${result.flushMs} ms`);
  ms("published", published);
  ms("received, by 20", receivedByProbes);
  ms("received, by all", receivedByAll);
  say(`  goal: p99 below ${goalMs} ms; ${(100 * published.withinGoal).toFixed(1)} % published so`);
  const [service, clients, others] = [result.serverCpu, result.clientCpu, result.othersCpu];
  say(
    `  CPU ${percent(service)} service, ${percent(clients)} subscribers, ${percent(others)} others`,
  );
  const [idle, during, after] = residentMb.map((size) => size.toFixed(0));
  say(`  memory ${idle} MB before, ${during} MB with subscribers, ${after} MB when they are gone`);
}

async function measureCapacity(service: MarketDataService, kind: ReaderKind, flushMs: number) {
  const client = subscribers(service, kind);
  await client.ask({ kind: "connect", count: SUBSCRIBERS });
  const levels = [];
  let [kept, lost] = [0, Number.POSITIVE_INFINITY];
  // Twice as fast until it is too fast, then between the two.
  for (let speed = SPEED_MIN; speed <= SPEED_MAX && lost - kept > kept / 4; ) {
    const level = await measureLevel(service, client, speed);
    levels.push(level);
    if (level.isKeptUp) kept = speed;
    else lost = speed;
    speed = lost === Number.POSITIVE_INFINITY ? speed * 2 : (kept + lost) / 2;
    if (kept === 0 && lost < 1) break;
  }
  await client.end();
  const result = { protocol: kind === "bare" ? "WebSocket" : "gRPC", flushMs, levels };
  if (!values.json) printCapacity(result);
  return result;
}

async function measureLevel(
  service: MarketDataService,
  client: ReturnType<typeof subscribers>,
  speed: number,
) {
  await service.setSpeed(speed);
  await wait(SETTLE_MS);
  const before = await service.used();
  await client.ask({ kind: "count" });
  await wait(Number(values.level) * 1_000);
  const counts = await client.ask({ kind: "count" });
  const after = await service.used();
  const offered = SUBSCRIBERS * SYMBOLS.length * TICKS_A_SECOND * speed;
  const messagesPerSecond = counts.messages / counts.seconds;
  const conflated = after.conflated - before.conflated;
  const ticks = SYMBOLS.map((symbol) => made(after, symbol) - made(before, symbol));
  const madePerSecond = (SUBSCRIBERS * ticks.reduce((sum, each) => sum + each, 0)) / counts.seconds;
  return {
    offered,
    madePerSecond,
    messagesPerSecond,
    megabytesPerSecond: counts.bytes / counts.seconds / MEGA,
    conflated,
    isKeptUp: Math.min(madePerSecond, messagesPerSecond) >= KEPT_UP * offered && conflated === 0,
    serverCpu: (after.cpuSeconds - before.cpuSeconds) / counts.seconds,
    clientCpu: counts.cpuSeconds / counts.seconds,
    othersCpu: othersCpu(before, after, [counts]),
    residentMb: after.residentBytes / MEGA,
  };
}

function made({ ticks }: Used, symbol: string): number {
  return ticks.get(symbol) ?? 0;
}

function printCapacity(result: Awaited<ReturnType<typeof measureCapacity>>): void {
  say(`\ncapacity: ${result.protocol}, flush ${result.flushMs} ms`);
  say(
    "     asked/s     made/s  arrived/s   MB/s  CPU service  subscribers  others  memory  /core-second",
  );
  for (const level of result.levels) {
    const columns = [
      count(level.offered).padStart(10),
      count(level.madePerSecond).padStart(10),
      count(level.messagesPerSecond).padStart(10),
      level.megabytesPerSecond.toFixed(0).padStart(6),
      percent(level.serverCpu).padStart(12),
      percent(level.clientCpu).padStart(12),
      percent(level.othersCpu).padStart(7),
      `${level.residentMb.toFixed(0)} MB`.padStart(7),
      count(level.messagesPerSecond / level.serverCpu).padStart(13),
    ];
    say(`  ${columns.join(" ")}${level.isKeptUp ? "" : "  behind"}`);
  }
}

/** A service whose readers stop, then one whose readers go on. */
async function compareStalled(flushMs: number) {
  const stalled = await inMarket(flushMs, (service) => watchMemory(service, "pause"));
  const control = await inMarket(flushMs, (service) => watchMemory(service, "count"));
  const result = { readers: Number(values.stalled), stalled, control };
  if (!values.json) printStalled(result);
  return result;
}

async function watchMemory(service: MarketDataService, order: "pause" | "count") {
  const readers = Number(values.stalled);
  const [one, many] = [subscribers(service, "bare"), subscribers(service, "bare")];
  await one.ask({ kind: "connect", count: 1 });
  await many.ask({ kind: "connect", count: readers });
  await service.setSpeed(STALLED_SPEED);
  await wait(SETTLE_MS);
  await one.ask({ kind: "count" });
  await many.ask({ kind: order });
  const residentMb: number[] = [];
  for (let second = 0; second <= SECONDS; second++) {
    residentMb.push((await service.used()).residentBytes / MEGA);
    await wait(1_000);
  }
  const all = await one.ask({ kind: "count" });
  await service.setSpeed(0);
  await many.ask({ kind: "resume" });
  await wait(SETTLE_MS);
  const late = await many.ask({ kind: "count" });
  const { conflated } = await service.used();
  await Promise.all([one.end(), many.end()]);
  return {
    messagesEach: all.messages,
    megabytesEach: all.bytes / MEGA,
    /** By the network's buffers, and what they could be given then. */
    heldForEach: late.messages / readers,
    conflated,
    residentMb,
  };
}

function printStalled(result: Awaited<ReturnType<typeof compareStalled>>): void {
  const { readers, stalled, control } = result;
  const prices = `${count(stalled.messagesEach)} prices (${stalled.megabytesEach.toFixed(0)} MB)`;
  say(`\nstalled: ${readers} readers stop for ${SECONDS} s, in which another gets ${prices}`);
  say(`  memory ${course(stalled.residentMb)} MB`);
  say(`  beside ${course(control.residentMb)} MB where all read`);
  const [held, passed] = [stalled.heldForEach, stalled.conflated / readers].map(count);
  say(`  each gets ${held} messages when it reads again, and is told of ${passed} passed over`);
}

/** Five moments, the first and the last among them. */
function course(sizes: readonly number[]): string {
  const places = [0, 1, 2, 3, 4].map((quarter) => Math.round(((sizes.length - 1) * quarter) / 4));
  return places.map((place) => sizes[place]?.toFixed(0)).join(", ");
}

function count(value: number): string {
  return Math.round(value).toLocaleString("en-GB");
}

/** Of one core. */
function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
