import type { StatusObject } from "@grpc/grpc-js";
import { InvariantViolation } from "@tse/domain";
import { toProblem } from "../http/framework-problems.ts";
import type { Problem } from "../http/problem.ts";
import type { CanonicalStatus } from "./canonical-status.ts";
import { problemStatus } from "./problem-status.ts";
import type { CallParts, ServedCall } from "./served-call.ts";

/** What is told of a call that failed. */
export interface FailedCall {
  /** Nobody waits for it any more. */
  readonly ended: boolean;
  /** Of the log, with the problem's cause. */
  logFailure(problem: Problem): void;
}

/**
 * What the caller is told of a thrown thing: a `Problem` as it says, anything else as internal with
 * nothing but the correlation id. The cause goes to the log, and a bug on to who watches the process.
 */
export function problemOf(
  error: unknown,
  call: FailedCall,
  onBug: (bug: InvariantViolation) => void,
): Problem {
  const problem = toProblem(error);
  // What a handler throws when it is told that nobody waits any more is no failure.
  if (problem.status >= 500 && problem.cause !== undefined && !call.ended) {
    call.logFailure(problem);
  }
  if (problem.cause instanceof InvariantViolation) onBug(problem.cause);
  return problem;
}

/** A thrown thing as a gRPC call's end. */
export function refuse(
  { service, onBug }: CallParts,
  call: ServedCall,
  error: unknown,
): { readonly status: StatusObject; readonly code: CanonicalStatus } {
  const problem = problemOf(error, call, onBug);
  const { correlationId } = call;
  return {
    status: problemStatus(problem, { domain: service, correlationId }),
    code: problem.grpcStatus,
  };
}
