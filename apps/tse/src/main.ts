#!/usr/bin/env node
import process from "node:process";
import { processSources } from "@tse/service-kit";
import { runCommandLine } from "./run-command-line.ts";
import { processTerminal } from "./terminal.ts";

const code = await runCommandLine(processSources, processTerminal());
// A world that runs says itself how it ended.
if (code !== 0) process.exitCode = code;
