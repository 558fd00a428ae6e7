import process from "node:process";
import { InvalidConfiguration } from "../config/read-config.ts";

/** Why something ended that the user has to mend, and the exit code of a process that ends so. */
export interface StartFailure {
  readonly message: string;
  /** 2 for what was asked for, 1 for what the machine lacks. */
  readonly exitCode: 1 | 2;
}

/** A kind of error that a user can mend, by what it says: it names the place and the way on. */
export type Mendable = abstract new (...given: never[]) => Error;

/** @returns `undefined` for what is a fault of our own */
export function startFailure(
  error: unknown,
  mendable: readonly Mendable[],
): StartFailure | undefined {
  if (error instanceof InvalidConfiguration) {
    return { message: error.problems.join("; "), exitCode: 2 };
  }
  if (!mendable.some((kind) => error instanceof kind)) return undefined;
  return { message: (error as Error).message, exitCode: 1 };
}

/** Ends a start that the user has to mend: one line on standard error, and an exit code. Throws what is no such thing. */
export function giveUp(program: string, error: unknown, mendable: readonly Mendable[]): void {
  const failure = startFailure(error, mendable);
  if (failure === undefined) throw error;
  process.stderr.write(`${program}: ${failure.message}\n`);
  process.exitCode = failure.exitCode;
}
