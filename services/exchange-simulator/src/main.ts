import process from "node:process";
import { giveUp, processSources, readConfig } from "@tse/service-kit";
import { EXCHANGE_SETTINGS } from "./config.ts";
import { MENDABLE, runExchange } from "./run.ts";

try {
  const config = readConfig(EXCHANGE_SETTINGS, processSources());
  await runExchange({
    config,
    onReady: ({ http, admin, adminToken, adminTokenFile }) => {
      // A token that was made is shown this once; one that was given is its owner's to show.
      const made = adminTokenFile === undefined ? {} : { adminToken, adminTokenFile };
      const line = { event: "listening", service: config.service, http, admin, ...made };
      process.stdout.write(`${JSON.stringify(line)}\n`);
    },
  });
} catch (error) {
  giveUp("exchange-simulator", error, MENDABLE);
}
