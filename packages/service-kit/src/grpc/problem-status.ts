import { create, toBinary } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import { Metadata, type StatusObject, status } from "@grpc/grpc-js";
import { ErrorInfoSchema, StatusSchema } from "@tse/contracts";
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

/**
 * A problem as a call's status. The message names each field and rule; the code is the reason of a
 * `google.rpc.ErrorInfo`, whose metadata have the field and the rule too, and the problem's extras.
 */
export function problemStatus(problem: Problem, origin: ProblemOrigin): StatusObject {
  const code = status[problem.grpcStatus];
  const details = cut(messageOf(problem), MESSAGE_LENGTH_MAX);
  const info = create(ErrorInfoSchema, {
    reason: problem.code,
    domain: origin.domain,
    metadata: factsOf(problem, origin),
  });
  const wire = create(StatusSchema, {
    code,
    message: details,
    details: [anyPack(ErrorInfoSchema, info)],
  });
  const metadata = new Metadata();
  metadata.set(DETAILS_KEY, Buffer.from(toBinary(StatusSchema, wire)));
  return { code, details, metadata };
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
