import process from "node:process";
import { createInterface } from "node:readline/promises";
import type { Writable } from "node:stream";
import type { ProgressOutput } from "./progress.ts";

/** Where a command speaks. */
export interface Terminal {
  /** What was asked for: standard output. */
  readonly output: Writable;
  /** What else there is to say: standard error. */
  readonly notes: ProgressOutput;
  /** Puts a question to whoever sits there; `""` when he goes away. `undefined` where nobody does. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
}

/** The process's own. It outlives whoever reads its output: what is said then is lost, and nothing else. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  const isAttended = stdin.isTTY === true && stderr.isTTY === true;
  return { output: stdout, notes: stderr, ask: isAttended ? ask : undefined };
}

async function ask(question: string): Promise<string> {
  const { stdin: input, stderr: output } = process;
  const terminal = createInterface({ input, output });
  // Ctrl-C and Ctrl-D close it.
  const closed = new Promise<string>((resolve) => terminal.once("close", () => resolve("")));
  const answer = await Promise.race([terminal.question(question), closed]);
  terminal.close();
  output.write("\n");
  return answer;
}
