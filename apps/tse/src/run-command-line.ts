import { failureOf as exchangeFailureOf } from "@tse/exchange-simulator";
import { failureOf as marketFailureOf } from "@tse/market-data-simulator";
import type { ConfigSources } from "@tse/service-kit";
import { readCommandLine } from "./command-line.ts";
import { Refused } from "./refused.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Does what a command line asks for.
 *
 * @param sources throws InvalidConfiguration when a file of them can't be read
 * @returns the exit code: 0 fine, 1 found broken or failed, 2 wrong use; one line says why
 * @throws what is a fault of our own
 */
export async function runCommandLine(
  sources: () => ConfigSources,
  terminal: Terminal,
): Promise<number> {
  try {
    const asked = readCommandLine(sources());
    if ("command" in asked) return await asked.command.run(asked.sources, terminal);
    terminal.output.write(asked.help);
    return 0;
  } catch (error) {
    const failure = isSaid(error)
      ? { exitCode: 1, message: error.message }
      : (exchangeFailureOf(error) ?? marketFailureOf(error));
    if (failure === undefined) throw error;
    terminal.notes.write(`tse: ${failure.message}\n`);
    return failure.exitCode;
  }
}

/** A system's error names the file and what was wrong with it. */
function isSaid(error: unknown): error is Error {
  return error instanceof Refused || (error instanceof Error && "syscall" in error);
}
