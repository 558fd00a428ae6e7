import pg from "pg";
import { type StorageCode, StorageError } from "../errors.ts";

/** What a SQLSTATE means: the longest prefix that is listed. A state without a row is `internal`. */
const MEANINGS: Readonly<Record<string, readonly [StorageCode, string]>> = {
  "08": ["storage_unavailable", "the database can't be reached"],
  "22": ["invalid_query", "the database refused a value"],
  "23": ["conflict", "a rule of the database was violated"],
  "23505": ["already_exists", "there is such a row already"],
  "28": ["storage_unavailable", "the database refused the login"],
  "3D000": ["storage_unavailable", "there is no such database"],
  "40": ["conflict", "another transaction was first"],
  "53": ["storage_unavailable", "the database lacks the resources"],
  "55P03": ["conflict", "a lock is held by another transaction"],
  "57014": ["storage_unavailable", "the database gave the statement up"],
  "57P": ["storage_unavailable", "the database is going down or coming up"],
  "58": ["storage_unavailable", "the database's machine failed"],
};

/**
 * What a driver's error means. One without a SQLSTATE came from the connection; one that is a
 * programming error of ours stays `internal`.
 */
export function storageErrorOf(cause: unknown): StorageError {
  if (cause instanceof StorageError) return cause;
  if (cause instanceof pg.DatabaseError) {
    const [code, message] = meaningOf(cause.code ?? "");
    const rule = cause.constraint === undefined ? "" : ` (${cause.constraint})`;
    return new StorageError(code, `${message}${rule}`, { cause });
  }
  if (cause instanceof TypeError || cause instanceof RangeError || cause instanceof SyntaxError) {
    return new StorageError("internal", "a statement could not be made or read", { cause });
  }
  return new StorageError("storage_unavailable", "the database can't be reached", { cause });
}

/** Name of the unique rule, check or foreign key that was violated, when that is what happened. */
export function violatedConstraint(error: unknown): string | undefined {
  const cause = error instanceof StorageError ? error.cause : undefined;
  return cause instanceof pg.DatabaseError ? cause.constraint : undefined;
}

function meaningOf(state: string): readonly [StorageCode, string] {
  return (
    MEANINGS[state] ??
    MEANINGS[state.slice(0, 3)] ??
    MEANINGS[state.slice(0, 2)] ?? ["internal", "a statement failed"]
  );
}
