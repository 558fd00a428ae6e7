import type { z } from "zod";
import type { FieldError } from "../problem.ts";

const ERRORS_MAX = 20;
const TEXT_LENGTH_MAX = 100;

type Issue = z.core.$ZodIssue;

/**
 * What a schema found wrong: each field with the first rule it breaks, fields that the schema doesn't
 * know one by one. Nothing of a client's value is repeated except a field's name, cut short.
 *
 * @param whole what to call the value itself: `body`, `query`, `path`
 */
export function fieldErrors(issues: readonly Issue[], whole: string): FieldError[] {
  const errors = new Map<string, FieldError>();
  for (const error of issues.flatMap((issue) => errorsOf(issue, whole))) {
    if (!errors.has(error.field)) errors.set(error.field, error);
  }
  return [...errors.values()].slice(0, ERRORS_MAX);
}

function errorsOf(issue: Issue, whole: string): FieldError[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.slice(0, ERRORS_MAX).map((key) => ({
      field: fieldName([...path, key], whole),
      rule: "unknown_field",
      message: "is not a field here",
    }));
  }
  return [{ field: fieldName(path, whole), ...faultOf(issue) }];
}

/** A field may have no name at all: it is then called `""`. */
function fieldName(path: readonly string[], whole: string): string {
  if (path.length === 0) return whole;
  return path.join(".").slice(0, TEXT_LENGTH_MAX) || '""';
}

function faultOf(issue: Exclude<Issue, { code: "unrecognized_keys" }>): Omit<FieldError, "field"> {
  const isMissing = issue.input === undefined;
  switch (issue.code) {
    case "invalid_type":
      return isMissing ? MISSING : typeFault(issue);
    case "invalid_value":
      if (isMissing) return MISSING;
      return { rule: "one_of", message: `must be one of ${issue.values.join(", ")}` };
    case "too_small":
      return boundFault(issue.origin, "at least", issue.minimum, issue.inclusive);
    case "too_big":
      return boundFault(issue.origin, "at most", issue.maximum, issue.inclusive);
    case "custom":
      return { rule: String(issue.params?.rule ?? "value"), message: issue.message };
    default:
      return { rule: issue.code, message: issue.message };
  }
}

const MISSING = { rule: "required", message: "is required" };

function typeFault({ expected, message }: z.core.$ZodIssueInvalidType): Omit<FieldError, "field"> {
  const isOurs = !message.startsWith("Invalid input");
  return { rule: "type", message: isOurs ? message : `must be ${article(expected)}` };
}

function article(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

const NUMBERS = ["number", "int", "bigint"];

/** A number is bounded itself; of what has a length that is. */
function boundFault(
  origin: string,
  bound: "at least" | "at most",
  limit: number | bigint,
  inclusive = true,
): Omit<FieldError, "field"> {
  if (!NUMBERS.includes(origin)) {
    const unit = origin === "array" ? "items" : "characters";
    return { rule: "length", message: `has ${bound} ${limit} ${unit}` };
  }
  const beyond = bound === "at least" ? "above" : "below";
  return { rule: "range", message: `must be ${inclusive ? bound : beyond} ${limit}` };
}
