import { create, toBinary } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import { Metadata, type StatusObject, status } from "@grpc/grpc-js";
import { type ErrorInfo, ErrorInfoSchema, StatusSchema } from "@tse/contracts";
import type { Problem } from "../http/problem.ts";

/** Holds an encoded `google.rpc.Status` beside a failed call's status. */
export const DETAILS_KEY = "grpc-status-details-bin";

/** The status travels in a header: what is longer is cut off. */
const MESSAGE_LENGTH_MAX = 500;
const VALUE_LENGTH_MAX = 200;

export interface ProblemOrigin {
  /** Who defines the problem's code: the service's name. */
  readonly domain: string;
  readonly correlationId: string;
}

/** A problem in the terms of protocols that have canonical statuses. */
export interface CanonicalProblem {
  readonly code: status;
  /** Names each field and rule. */
  readonly message: string;
  /** The problem's code as reason, and as metadata the first field and rule, and the problem's extras. */
  readonly info: ErrorInfo;
}

export function canonicalProblem(problem: Problem, origin: ProblemOrigin): CanonicalProblem {
  return {
    code: status[problem.grpcStatus],
    message: cut(messageOf(problem), MESSAGE_LENGTH_MAX),
    info: create(ErrorInfoSchema, {
      reason: problem.code,
      domain: origin.domain,
      metadata: factsOf(problem, origin),
    }),
  };
}

/** A problem as a gRPC call's status: what programs need is in an encoded `google.rpc.Status`. */
export function problemStatus(problem: Problem, origin: ProblemOrigin): StatusObject {
  const { code, message, info } = canonicalProblem(problem, origin);
  const details = [anyPack(ErrorInfoSchema, info)];
  const metadata = new Metadata();
  metadata.set(
    DETAILS_KEY,
    Buffer.from(toBinary(StatusSchema, create(StatusSchema, { code, message, details }))),
  );
  return { code, details: message, metadata };
}

function messageOf({ errors, detail, title }: Problem): string {
  if (errors.length === 0) return detail ?? title;
  return errors.map(({ field, rule, message }) => `${field}: ${message} (${rule})`).join("; ");
}

function factsOf({ errors, extra }: Problem, origin: ProblemOrigin): Record<string, string> {
  const [first] = errors;
  const facts: Record<string, string> = { correlation_id: origin.correlationId };
  for (const [name, value] of Object.entries(extra)) {
    facts[name] = cut(typeof value === "string" ? value : JSON.stringify(value), VALUE_LENGTH_MAX);
  }
  return first === undefined
    ? facts
    : { ...facts, field: cut(first.field, VALUE_LENGTH_MAX), rule: first.rule };
}

/** At most so long, and fit to be encoded. */
function cut(text: string, lengthMax: number): string {
  return text.slice(0, lengthMax).toWellFormed();
}
