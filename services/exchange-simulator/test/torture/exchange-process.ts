import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Connection } from "./connection.ts";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const LINES_KEPT = 5_000;
const START_LIMIT_MS = 120_000;
const LOOK_EVERY_MS = 20;

export const ADMIN_TOKEN = "the-token-of-these-tests";
/** The same program starts again and again: its compiled form is kept, by a process that ends in peace. */
const NODE_COMPILE_CACHE = process.env.NODE_COMPILE_CACHE ?? join(tmpdir(), "tse-compile-cache");
const THREADS = fileURLToPath(new URL("compiled-threads.ts", import.meta.url));
let compiled: Promise<unknown> | undefined;
const SECRET_KEY = "07".repeat(32);

export interface StartOptions {
  readonly environment: Readonly<Record<string, string>>;
  /** Goes before the script: `--import`, for example. */
  readonly nodeArguments?: readonly string[];
  /** What runs the process in its place: a program with arguments, to which the command is added. */
  readonly wrapper?: readonly string[];
}

/** One line of the service's log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** The exchange as a process of its own, ready: it may be degraded. */
export interface ExchangeProcess {
  readonly http: string;
  readonly admin: string;
  readonly pid: number;
  /** From the process's birth until it was ready. */
  readonly startMs: number;
  /** What it logged, newest last. */
  readonly log: readonly LogLine[];
  /** Its errors, and what it wrote when it broke. */
  lastWords(): string;
  /** Sends a signal, and waits for the end. */
  end(signal: "SIGKILL" | "SIGTERM"): Promise<number | null>;
}

/** @throws when it ends before it listens, with what it wrote to standard error */
export async function startExchange(options: StartOptions): Promise<ExchangeProcess> {
  compiled ??= once(
    spawnExchange({ environment: {}, nodeArguments: ["--import", THREADS] }, "--version"),
    "close",
  );
  await compiled;
  const begin = performance.now();
  const child = spawnExchange(options);
  const log: LogLine[] = [];
  const plain: string[] = [];
  createInterface({ input: child.stderr as NodeJS.ReadableStream }).on("line", (line) => {
    if (!line.startsWith("{")) plain.push(line);
    else if (log.push(JSON.parse(line)) > LINES_KEPT) log.shift();
  });
  const lastWords = () => {
    const errors = log.filter(({ level }) => level === "error");
    return [...plain, ...errors.map((line) => JSON.stringify(line))].join("\n");
  };
  const ended = endOf(child);
  const listening = once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), "line");
  const first = await Promise.race([listening, ended]);
  if (!Array.isArray(first)) {
    throw new Error(`the exchange ended with ${first} before it listened: ${lastWords()}`);
  }
  const { http, admin } = JSON.parse(first[0]) as { http: string; admin: string };
  await untilReady(http, child);
  const startMs = performance.now() - begin;
  const end = (signal: "SIGKILL" | "SIGTERM") => {
    child.kill(signal);
    return ended;
  };
  return { http, admin, pid: child.pid as number, startMs, log, lastWords, end };
}

/** A new world listens before its database is there, and takes nothing until then. */
async function untilReady(http: string, child: ChildProcess): Promise<void> {
  const end = performance.now() + START_LIMIT_MS;
  const connection = new Connection(http, "");
  try {
    for (;;) {
      const { text } = await connection.send({ method: "GET", path: "/api/v1/ready" });
      if (JSON.parse(text).status !== "not_ready") return;
      if (performance.now() > end) {
        child.kill("SIGKILL");
        throw new Error(`the exchange doesn't get ready: ${text}`);
      }
      await pause(LOOK_EVERY_MS);
    }
  } finally {
    connection.close();
  }
}

/** Begins to start, and is killed at once after `delayMs`, wherever it is then. */
export async function killAtStart(options: StartOptions, delayMs: number): Promise<void> {
  const child = spawnExchange(options);
  const ended = endOf(child);
  child.stdout?.resume();
  child.stderr?.resume();
  const timer = setTimeout(() => child.kill("SIGKILL"), delayMs);
  await ended;
  clearTimeout(timer);
}

/** Processes that run now: they end with this one, however that ends. */
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const ARGUMENTS = ["--port", "0", "--limits", "off"];

function spawnExchange(
  { environment, nodeArguments = [], wrapper = [] }: StartOptions,
  ...given: readonly string[]
) {
  const flags = given.length === 0 ? ARGUMENTS : given;
  const command = [process.execPath, ...nodeArguments, MAIN, ...flags];
  const [program = "", ...programArguments] = [...wrapper, ...command];
  const child = spawn(program, programArguments, {
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE, ADMIN_TOKEN, SECRET_KEY, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

async function endOf(child: ChildProcess): Promise<number | null> {
  const [code] = await once(child, "close");
  return code;
}
