import process from "node:process";
import { giveUp, processSources, readConfig } from "@tse/service-kit";
import { MARKET_DATA_SETTINGS } from "./config.ts";
import { MENDABLE, runMarketData } from "./run.ts";

try {
  const config = readConfig(MARKET_DATA_SETTINGS, processSources());
  await runMarketData({
    config,
    onReady: ({ http, grpc, admin, adminToken, adminTokenFile }) => {
      // A token that was made is shown this once; one that was given is its owner's to show.
      const made = adminTokenFile === undefined ? {} : { adminToken, adminTokenFile };
      const line = { event: "listening", service: config.service, http, grpc, admin, ...made };
      process.stdout.write(`${JSON.stringify(line)}\n`);
    },
  });
} catch (error) {
  giveUp("market-data-simulator", error, MENDABLE);
}
