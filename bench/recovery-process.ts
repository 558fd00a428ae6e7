/** One start of the exchange on a world: tells its parent how long it took. */
import { performance } from "node:perf_hooks";
import process from "node:process";
import { EXCHANGE_SETTINGS, runExchange } from "@tse/exchange-simulator";
import { readConfig } from "@tse/service-kit";

const config = readConfig(EXCHANGE_SETTINGS, {
  argv: ["--port", "0", "--limits", "off", "--clock", "virtual", "--store", "memory"],
  environment: {
    DATA_DIR: process.argv[2],
    LOG_LEVEL: "error",
    ADMIN_TOKEN: "the-token-of-the-bench",
    // None but the one of a clean stop.
    SNAPSHOT_COMMANDS: "1000000000",
    SNAPSHOT_INTERVAL: "24h",
  },
});
const begin = performance.now();
await runExchange({
  config,
  onReady: ({ restored }) => {
    process.send?.({ readyMs: performance.now() - begin, sequence: restored });
  },
});
