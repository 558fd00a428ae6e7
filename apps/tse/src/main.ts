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

/** A failure that is the user's to mend: one line, no stack. */
function giveUp(problem: string, exitCode: number): void {
  process.stderr.write(`tse: ${problem}\n`);
  process.exitCode = exitCode;
}

function read(): Arguments | undefined {
  try {
    return readArguments(processSources());
  } catch (error) {
    if (!(error instanceof InvalidConfiguration)) throw error;
    giveUp(error.problems.join("; "), 2);
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
    stopOnSignals({ logger, stop: () => stopSaying(service, json) });
    if (json) printLine({ event: "ready", ...ready });
    else print(banner({ adminTokenFile, ...ready }, manifest.version, config));
  } catch (error) {
    await service.stop();
    if (!(error instanceof PortUnavailable)) throw error;
    giveUp(error.message, 1);
  }
}

async function stopSaying(service: ExchangeService, json: boolean): Promise<boolean> {
  const clean = await service.stop();
  if (json) printLine({ event: "stopped", clean });
  return clean;
}

const asked = read();
if (asked?.help) print(helpText());
else if (asked?.showVersion) print(`${manifest.version}\n`);
else if (asked !== undefined) await run(asked);
