import assert from "node:assert/strict";
import { createLogger, readConfig } from "@tse/service-kit";
import { EXCHANGE_SETTINGS } from "../../src/config.ts";
import { ExchangeSimulator } from "../../src/service.ts";
import { type Reply, type RequestOptions, send } from "../support/production.ts";

/** Worlds that end with their test. */
const IN_MEMORY = { JOURNAL: "memory", STORE: "memory", PARTICIPANTS: "fixed-spread" };

export const ADMIN_TOKEN = "the-token-of-the-admin-tests";

/** A whole service on free ports, its clock frozen, its log kept. */
export async function startService(env: Readonly<Record<string, string>> = {}) {
  const config = readConfig(EXCHANGE_SETTINGS, {
    argv: ["--port", "0"],
    environment: { ...IN_MEMORY, ADMIN_TOKEN, CLOCK_MODE: "virtual", LOG_LEVEL: "debug", ...env },
  });
  const log: string[] = [];
  const logger = createLogger({
    level: config.logLevel,
    format: "json",
    service: "exchange-simulator",
    instance: "test",
    version: "0",
    environment: "test",
    stream: { write: (line: string) => log.push(line) },
  });
  const failures: unknown[] = [];
  const failed = Promise.withResolvers<unknown>();
  const service = await ExchangeSimulator.open({
    config,
    logger,
    onFatal: (error) => {
      failures.push(error);
      failed.resolve(error);
    },
    demoKey: { keyId: "demo-key-of-the-tests", secret: "s".repeat(64) },
  });
  const ready = await service.start();
  const { demo } = ready;
  assert(demo !== undefined, "a new world has a demo account");

  return {
    ...ready,
    demo,
    log,
    logger,
    failures,
    /** What the service failed of. */
    failure: failed.promise,
    venue: service.exchange.venue,
    demoKey: `${demo.keyId}.${demo.secret}`,

    admin: (method: string, path: string, body?: unknown): Promise<Reply> =>
      send(`${ready.admin}${path}`, method, { key: ADMIN_TOKEN, body }),

    /** Without a token, or with what `more` brings. */
    bareAdmin: (method: string, path: string, more: RequestOptions = {}): Promise<Reply> =>
      send(`${ready.admin}${path}`, method, more),

    production: (method: string, path: string, more: RequestOptions = {}): Promise<Reply> =>
      send(`${ready.http}${path}`, method, more),

    async [Symbol.asyncDispose]() {
      await service.stop();
    },
  };
}
