import { ErrorReply } from "redis";
import { StorageError } from "../errors.ts";

/** Answers that mean that the server can't serve now: the first word of its message. */
const UNAVAILABLE =
  /^(LOADING|MASTERDOWN|READONLY|CLUSTERDOWN|TRYAGAIN|BUSY|OOM|MISCONF|NOREPLICAS|NOAUTH|WRONGPASS)\b/;

/** What a failed command means. */
export function redisErrorOf(cause: unknown): StorageError {
  if (cause instanceof StorageError) return cause;
  if (isAnswer(cause)) return new StorageError("internal", "Redis refused a command", { cause });
  return new StorageError("storage_unavailable", "Redis can't be reached", { cause });
}

/** Whether the server is there and said something, however little it liked the command. */
export function isAnswer(cause: unknown): boolean {
  if (cause instanceof StorageError) return cause.code !== "storage_unavailable";
  return cause instanceof ErrorReply && !UNAVAILABLE.test(cause.message);
}
