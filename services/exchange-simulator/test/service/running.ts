import { type RootLogger, readConfig, silentLogger } from "@tse/service-kit";
import { EXCHANGE_SETTINGS, type ExchangeConfig } from "../../src/config.ts";
import type { UnitListener } from "../../src/exchange.ts";
import { type ExchangeReady, ExchangeSimulator } from "../../src/service.ts";

/** Worlds that end with their test. */
const IN_MEMORY = { JOURNAL: "memory", STORE: "memory", PARTICIPANTS: "fixed-spread" };

export const ADMIN_TOKEN = "the-token-of-these-tests";
const DEMO_KEY = { keyId: "demo-key-of-these-tests", secret: "s".repeat(64) };
const SECRET_KEY = "07".repeat(32);

/** A whole service on free ports of this machine, and what opens its doors. */
export interface RunningService extends ExchangeReady, AsyncDisposable {
  readonly demo: NonNullable<ExchangeReady["demo"]>;
  readonly service: ExchangeSimulator;
  readonly config: ExchangeConfig;
  readonly failures: readonly unknown[];
}

export interface ServiceOptions {
  readonly argv?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Sees every unit from the first on. */
  readonly onUnit?: UnitListener;
}

export async function startService(options: ServiceOptions = {}): Promise<RunningService> {
  const config = readConfig(EXCHANGE_SETTINGS, {
    argv: ["--port", "0", ...(options.argv ?? [])],
    environment: { ...IN_MEMORY, ADMIN_TOKEN, SECRET_KEY, ...options.environment },
  });
  const logger: RootLogger = { ...silentLogger, level: "error" };
  const failures: unknown[] = [];
  const onFatal = (error: unknown) => failures.push(error);
  const service = await ExchangeSimulator.open({ config, logger, onFatal, demoKey: DEMO_KEY });
  if (options.onUnit !== undefined) service.exchange.subscribe(options.onUnit);
  const ready = await service.start();
  const stop = async () => void (await service.stop());
  const { demo } = ready;
  if (demo === undefined) throw new Error("a new world has a demo account");
  return { ...ready, demo, service, config, failures, [Symbol.asyncDispose]: stop };
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: each assertion states the shape that it expects
  readonly body: any;
}

/** One request with JSON in and out. */
export async function call(
  url: string,
  method: string,
  token: string | undefined,
  body?: unknown,
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
}
