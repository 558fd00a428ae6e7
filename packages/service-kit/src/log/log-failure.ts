import type { Problem } from "../http/problem.ts";
import type { LogFields, Logger } from "./logger.ts";

/**
 * What a request or call failed with. A dependency that is away is no bug, and may be so for many requests: one line of
 * warning says what it is, without where it was noticed.
 */
export function logFailure(
  logger: Logger,
  message: string,
  fields: LogFields,
  { status, code, cause }: Pick<Problem, "status" | "code" | "cause">,
): void {
  if (status !== 503) {
    logger.error(message, { ...fields, code, error: cause });
    return;
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  logger.warn(message, { ...fields, code, reason });
}
