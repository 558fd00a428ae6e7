/** One start of the exchange on a world: tells its parent how long it took and where it listens. */
import { performance } from "node:perf_hooks";
import process from "node:process";
import { EXCHANGE_SETTINGS, runExchange } from "@tse/exchange-simulator";
import { readConfig } from "@tse/service-kit";

const [directory = "", ...store] = process.argv.slice(2);
const config = readConfig(EXCHANGE_SETTINGS, {
  argv: ["--port", "0", "--limits", "off", "--clock", "virtual", ...store],
  environment: {
    DATA_DIR: directory,
    LOG_LEVEL: "error",
    ADMIN_TOKEN: "the-token-of-the-bench",
    POSTGRES_URL: process.env.BENCH_POSTGRES_URL,
    SCHEMA_NAME: process.env.BENCH_SCHEMA,
    // None but the one of a clean stop.
    SNAPSHOT_COMMANDS: "1000000000",
    SNAPSHOT_INTERVAL: "24h",
  },
});
const begin = performance.now();
await runExchange({
  config,
  onReady: ({ restored, http, admin, demo }) => {
    const readyMs = performance.now() - begin;
    process.send?.({ readyMs, sequence: restored, http, admin, demo });
  },
});
