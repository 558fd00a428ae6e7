import { readFileSync } from "node:fs";
import process from "node:process";

/**
 * Loaded before the exchange: the system's time is off by the milliseconds in a file, so that it jumps when
 * the file is written, as when an operator or a time server sets it.
 */
const file = process.env.CLOCK_SHIFT_FILE ?? "";
const now = Date.now;
Date.now = () => now() + Number(readFileSync(file, "utf8"));
