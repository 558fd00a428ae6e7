#!/usr/bin/env node
import process from "node:process";
import { giveUp } from "@tse/exchange-simulator";
import { processSources } from "@tse/service-kit";
import { readCommandLine } from "./command-line.ts";
import { outliveReader, print } from "./print.ts";
import { Refused } from "./refused.ts";

/** A system's error names the file and what was wrong with it. */
const isSaid = (error: unknown): error is Error =>
  error instanceof Refused || (error instanceof Error && "syscall" in error);

outliveReader();
try {
  const asked = readCommandLine(processSources());
  if ("help" in asked) print(asked.help);
  else if ((await asked.command.run(asked.sources)) !== 0) process.exitCode = 1;
} catch (error) {
  if (isSaid(error)) {
    process.stderr.write(`tse: ${error.message}\n`);
    process.exitCode = 1;
  } else giveUp("tse", error);
}
