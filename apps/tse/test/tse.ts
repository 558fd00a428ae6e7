import { Writable } from "node:stream";
import { runCommandLine } from "../src/run-command-line.ts";

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Keeps what is written. */
class Recorder extends Writable {
  text = "";

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** A command of the command line in this process, with an environment of its own. */
export async function tse(
  argv: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const output = new Recorder();
  const notes = new Recorder();
  const terminal = { output, notes, ask: undefined };
  const code = await runCommandLine(() => ({ argv, environment }), terminal);
  return { code, stdout: output.text, stderr: notes.text };
}
