import process from "node:process";
import { type ConfigSources, giveUp, helpText, processSources, readConfig } from "@tse/service-kit";
import { MARKET_DATA_SETTINGS } from "./config.ts";
import { MENDABLE, runMarketData } from "./run.ts";

const HELP = {
  program: "market-data-simulator",
  about: "The single source of prices of a world; runs until a signal.",
  settings: MARKET_DATA_SETTINGS,
};

async function run(sources: ConfigSources): Promise<void> {
  const config = readConfig(MARKET_DATA_SETTINGS, sources);
  await runMarketData({
    config,
    onReady: ({ http, grpc, admin, adminToken, adminTokenFile }) => {
      // A token that was made is shown this once; one that was given is its owner's to show.
      const made = adminTokenFile === undefined ? {} : { adminToken, adminTokenFile };
      const line = { event: "listening", service: config.service, http, grpc, admin, ...made };
      process.stdout.write(`${JSON.stringify(line)}\n`);
    },
  });
}

try {
  const sources = processSources();
  const help = helpText(HELP, sources);
  if (help === undefined) await run(sources);
  else process.stdout.write(help);
} catch (error) {
  giveUp("market-data-simulator", error, MENDABLE);
}
