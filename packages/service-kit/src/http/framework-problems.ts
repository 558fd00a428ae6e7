import type { FastifySchemaValidationError } from "fastify";
import { type FieldError, Problem } from "./problem.ts";

const ERRORS_MAX = 20;
const MESSAGE_LENGTH_MAX = 200;

/** A field or more of a request don't fit. */
export function validationFailed(errors: readonly FieldError[], cause?: unknown): Problem {
  const [first] = errors;
  return new Problem({
    status: 400,
    code: "validation_failed",
    title: "The request is not valid",
    ...(first === undefined ? {} : { detail: `${first.field}: ${first.message}` }),
    errors,
    cause,
  });
}

export function notFound(): Problem {
  return new Problem({ status: 404, code: "not_found", title: "There is nothing at this path" });
}

export function methodNotAllowed(allowed: readonly string[]): Problem {
  const allow = allowed.join(", ");
  return new Problem({
    status: 405,
    code: "method_not_allowed",
    title: "This path doesn't know the method",
    detail: `This path knows ${allow}`,
    headers: { Allow: allow },
  });
}

export function shuttingDown(): Problem {
  return new Problem({
    status: 503,
    code: "shutting_down",
    title: "The service is stopping",
    headers: { Connection: "close" },
  });
}

/** Something failed that the client can't know about. The cause goes to the log only. */
function internal(cause: unknown): Problem {
  return new Problem({
    status: 500,
    code: "internal",
    title: "The service failed",
    detail: "The correlation id names the failure in the service's log",
    cause,
  });
}

function bodyFailed(rule: string, message: string, cause: unknown): Problem {
  return validationFailed([{ field: "body", rule, message }], cause);
}

/** What the framework's own errors mean to a client. One that isn't here is `internal`. */
const FRAMEWORK: Readonly<Record<string, (cause: unknown) => Problem>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: (cause) =>
    new Problem({
      status: 413,
      code: "payload_too_large",
      title: "The body is too large",
      // What is left of the body is not read.
      headers: { Connection: "close" },
      cause,
    }),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: (cause) =>
    new Problem({
      status: 415,
      code: "unsupported_media_type",
      title: "The body's media type is not known here",
      detail: "Send application/json",
      cause,
    }),
  FST_ERR_CTP_INVALID_JSON_BODY: (cause) => bodyFailed("json", "is not valid JSON", cause),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: (cause) =>
    bodyFailed("length", "is not as long as Content-Length says", cause),
  FST_ERR_BAD_URL: (cause) =>
    validationFailed(
      [{ field: "path", rule: "encoding", message: "is not percent-encoded" }],
      cause,
    ),
  FST_ERR_MAX_PARAM_LENGTH: () => notFound(),
  FST_ERR_NOT_FOUND: () => notFound(),
  ECONNRESET: (cause) => bodyFailed("length", "ended before it was complete", cause),
};

interface FrameworkError {
  readonly code?: unknown;
  readonly statusCode?: unknown;
  readonly validation?: readonly FastifySchemaValidationError[];
  readonly validationContext?: string;
}

/** Any thrown thing as a problem. What isn't known to be the client's fault is `internal`. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (typeof error !== "object" || error === null) return internal(error);

  const { code, validation, validationContext } = error as FrameworkError;
  if (validation !== undefined) {
    const errors = validation.flatMap((issue) => fieldErrors(issue, validationContext ?? "body"));
    return validationFailed(errors.slice(0, ERRORS_MAX), error);
  }
  const known = typeof code === "string" && Object.hasOwn(FRAMEWORK, code);
  return known ? (FRAMEWORK[code]?.(error) ?? internal(error)) : internal(error);
}

/** What clients call the parts of a request. */
const PARTS: Readonly<Record<string, string>> = { querystring: "query", params: "path" };

/** One issue of a schema; fields it doesn't know are named one by one. */
function fieldErrors(issue: FastifySchemaValidationError, context: string): FieldError[] {
  const path = issue.instancePath.split("/").filter((segment) => segment !== "");
  const message = (issue.message ?? "is not valid").slice(0, MESSAGE_LENGTH_MAX);
  const { keys, format, params } = issue.params as {
    keys?: readonly string[];
    format?: string;
    params?: { rule?: string };
  };
  if (issue.keyword === "unrecognized_keys" && keys !== undefined) {
    return keys.slice(0, ERRORS_MAX).map((key) => ({
      field: [...path, key.slice(0, MESSAGE_LENGTH_MAX)].join("."),
      rule: "unknown_field",
      message: "is not a field here",
    }));
  }
  const field = path.length === 0 ? (PARTS[context] ?? context) : path.join(".");
  return [{ field, rule: params?.rule ?? format ?? issue.keyword, message }];
}
