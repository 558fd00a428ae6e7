import process from "node:process";
import { processSources, readConfig } from "@tse/service-kit";
import { EXCHANGE_SETTINGS } from "./config.ts";
import { giveUp, runExchange } from "./run.ts";

try {
  const config = readConfig(EXCHANGE_SETTINGS, processSources());
  await runExchange({
    config,
    onReady: ({ http, admin, adminTokenFile }) => {
      const line = { event: "listening", service: config.service, http, admin, adminTokenFile };
      process.stdout.write(`${JSON.stringify(line)}\n`);
    },
  });
} catch (error) {
  giveUp("exchange-simulator", error);
}
