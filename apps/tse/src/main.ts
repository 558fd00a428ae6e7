#!/usr/bin/env node
import { ExchangeService } from "@tse/exchange-simulator";
import {
  createLogger,
  InvalidConfiguration,
  PortUnavailable,
  processSources,
  stopOnSignals,
} from "@tse/service-kit";
import manifest from "../package.json" with { type: "json" };
import { type Arguments, helpText, readArguments } from "./arguments.ts";
import { banner } from "./banner.ts";

const print = (text: string) => process.stdout.write(text);
const printLine = (value: unknown) => print(`${JSON.stringify(value)}\n`);

/** A failure that is the user's to mend: his words, no stack. */
function giveUp(error: Error, exitCode: number): void {
  process.stderr.write(`tse: ${error.message}\n`);
  process.exitCode = exitCode;
}

function read(): Arguments | undefined {
  try {
    return readArguments(processSources());
  } catch (error) {
    if (!(error instanceof InvalidConfiguration)) throw error;
    giveUp(error, 2);
    return undefined;
  }
}

async function run({ json, exchange: config }: Arguments): Promise<void> {
  const logger = createLogger({
    level: config.logLevel,
    format: config.logFormat,
    service: config.service,
    instance: config.instance ?? config.service,
    version: config.version,
    environment: config.environment,
  });
  // Thrown where nobody catches it, it ends the process in order and with exit code 1.
  const onFatal = (error: unknown) => queueMicrotask(() => Promise.reject(error));
  const service = new ExchangeService({ config, logger, onFatal });
  try {
    const { adminTokenFile, ...ready } = await service.start();
    if (json) printLine({ event: "ready", ...ready });
    else print(banner({ adminTokenFile, ...ready }, manifest.version, config));
  } catch (error) {
    await service.stop();
    if (!(error instanceof PortUnavailable)) throw error;
    giveUp(error, 1);
    return;
  }
  const stop = async () => {
    const clean = await service.stop();
    if (json) printLine({ event: "stopped", clean });
    return clean;
  };
  stopOnSignals({ logger, stop });
}

const asked = read();
if (asked?.help) print(helpText());
else if (asked?.showVersion) print(`${manifest.version}\n`);
else if (asked !== undefined) await run(asked);
