#!/usr/bin/env node
import process from "node:process";
import { giveUp, runExchange } from "@tse/exchange-simulator";
import { processSources } from "@tse/service-kit";
import manifest from "../package.json" with { type: "json" };
import { type Arguments, helpText, readArguments } from "./arguments.ts";
import { banner } from "./banner.ts";

const print = (text: string) => process.stdout.write(text);
const printLine = (value: unknown) => print(`${JSON.stringify(value)}\n`);

function run({ json, exchange: config }: Arguments): Promise<void> {
  return runExchange({
    config,
    onReady: ({ adminTokenFile, ...ready }) => {
      if (json) printLine({ event: "ready", ...ready });
      else print(banner({ adminTokenFile, ...ready }, manifest.version, config));
    },
    onStopped: (clean) => {
      if (json) printLine({ event: "stopped", clean });
    },
  });
}

try {
  const asked = readArguments(processSources());
  if (asked.help) print(helpText());
  else if (asked.showVersion) print(`${manifest.version}\n`);
  else await run(asked);
} catch (error) {
  giveUp("tse", error);
}
