import process from "node:process";
import { type ConfigSources, giveUp, helpText, processSources, readConfig } from "@tse/service-kit";
import { EXCHANGE_SETTINGS } from "./config.ts";
import { MENDABLE, runExchange } from "./run.ts";

const HELP = {
  program: "exchange-simulator",
  about: "A crypto spot venue with its own order book, ledger and gateways; runs until a signal.",
  settings: EXCHANGE_SETTINGS,
};

async function run(sources: ConfigSources): Promise<void> {
  const config = readConfig(EXCHANGE_SETTINGS, sources);
  await runExchange({
    config,
    onReady: ({ http, admin, adminToken, adminTokenFile }) => {
      // A token that was made is shown this once; one that was given is its owner's to show.
      const made = adminTokenFile === undefined ? {} : { adminToken, adminTokenFile };
      const line = { event: "listening", service: config.service, http, admin, ...made };
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
  giveUp("exchange-simulator", error, MENDABLE);
}
