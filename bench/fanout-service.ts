import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { busySeconds } from "./busy-seconds.ts";

/** What the market-data service's process has used and done since its start. */
export interface Used {
  readonly cpuSeconds: number;
  /** Of the whole machine, this process included. */
  readonly busySeconds: number;
  readonly residentBytes: number;
  /** Ticks that were made, of every symbol by its name. */
  readonly ticks: ReadonlyMap<string, number>;
  /** Ticks that slow subscribers were not given. */
  readonly conflated: number;
  /** Observations of the publication's latency at WebSockets: at most so many ms, and how many they are. */
  readonly buckets: ReadonlyMap<number, number>;
}

/** Prices come so often at the usual speed of the world. */
export const TICKS_A_SECOND = 10;

const MAIN = fileURLToPath(
  new URL("../services/market-data-simulator/src/main.ts", import.meta.url),
);
const TOKEN = "the-token-of-the-bench";

/** The market-data service on an empty directory, as a process of its own. */
export async function startMarketData(flushMs: number) {
  const directory = await mkdtemp(join(tmpdir(), "tse-fanout-"));
  const child = spawn(process.execPath, [MAIN, "--port", "0", "--limits", "off"], {
    env: {
      PATH: process.env.PATH,
      ADMIN_TOKEN: TOKEN,
      DATA_DIR: directory,
      LOG_LEVEL: "error",
      PRICE_UPDATE_INTERVAL: `${1_000 / TICKS_A_SECOND}ms`,
      STORE: "memory",
      STREAM_FLUSH_MS: String(flushMs),
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const early = ended.then(() => Promise.reject(new Error("the service ended before it listened")));
  const [text] = await Promise.race([once(createInterface(child.stdout), "line"), early]);
  const { http, grpc, admin } = JSON.parse(String(text)) as Record<
    "http" | "grpc" | "admin",
    string
  >;
  return {
    http,
    grpc,
    async used(): Promise<Used> {
      const answer = await fetch(`${http}/metrics`);
      return readUsed(await answer.text());
    },
    /** Lets the world, and with it the prices, pass so many times as fast. */
    async setSpeed(speed: number): Promise<void> {
      const answer = await fetch(`${admin}/admin/clock`, {
        method: "PUT",
        headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
        body: JSON.stringify({ mode: "virtual", speed }),
      });
      if (!answer.ok) throw new Error(`the clock can't be set: ${await answer.text()}`);
    },
    async end(): Promise<void> {
      early.catch(() => {});
      child.kill("SIGTERM");
      await ended;
      await rm(directory, { recursive: true });
    },
  };
}

export type MarketDataService = Awaited<ReturnType<typeof startMarketData>>;

function readUsed(text: string): Used {
  const buckets = new Map<number, number>();
  for (const { labels, value } of series(text, "market_data_publication_latency_ms_bucket")) {
    if (!labels.includes('client_type="websocket"')) continue;
    const limit = /le="([^"]+)"/.exec(labels)?.[1];
    const atMost = limit === "+Inf" ? Number.POSITIVE_INFINITY : Number(limit);
    buckets.set(atMost, (buckets.get(atMost) ?? 0) + value);
  }
  const ticks = new Map<string, number>();
  for (const { labels, value } of series(text, "market_data_price_updates_total")) {
    ticks.set(/symbol="([^"]+)"/.exec(labels)?.[1] ?? "", value);
  }
  const dropped = series(text, "market_data_dropped_ticks_total");
  return {
    cpuSeconds: series(text, "process_cpu_seconds_total")[0]?.value ?? 0,
    busySeconds: busySeconds(),
    ticks,
    residentBytes: series(text, "process_resident_memory_bytes")[0]?.value ?? 0,
    conflated: dropped
      .filter(({ labels }) => labels.includes('reason="conflated"'))
      .reduce((sum, { value }) => sum + value, 0),
    buckets,
  };
}

function series(text: string, name: string) {
  const lines = text.split("\n").filter((line) => line.startsWith(`${name}{`));
  return lines.map((line) => {
    const at = line.lastIndexOf(" ");
    return { labels: line.slice(0, at), value: Number(line.slice(at)) };
  });
}
