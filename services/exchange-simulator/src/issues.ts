import type { FieldError } from "@tse/service-kit";

/** What a schema says is wrong with one place of a value; zod's issues have this form. */
export interface Issue {
  readonly path: readonly PropertyKey[];
  readonly code?: string | undefined;
  readonly message: string;
}

const ERRORS_MAX = 20;
const NAME_LENGTH_MAX = 64;

/**
 * Issues as the errors of a validation problem: at most 20, each naming its field and rule; a field
 * that the schema doesn't know is named itself.
 *
 * @param whole what to call the value when the issue isn't about one field of it
 */
export function toFieldErrors(issues: readonly Issue[], whole: string): readonly FieldError[] {
  return issues.flatMap((issue) => errorsOf(issue, whole)).slice(0, ERRORS_MAX);
}

function errorsOf(issue: Issue, whole: string): readonly FieldError[] {
  const { keys, format, params } = issue as {
    readonly keys?: readonly string[];
    readonly format?: string;
    readonly params?: { readonly rule?: string };
  };
  const path = issue.path.map(String);
  if (keys !== undefined) {
    return keys.map((key) => ({
      field: [...path, key.slice(0, NAME_LENGTH_MAX)].join("."),
      rule: "unknown_field",
      message: "is not a field here",
    }));
  }
  const field = path.length === 0 ? whole : path.join(".");
  const rule = params?.rule ?? format ?? issue.code ?? "invalid";
  return [{ field, rule, message: issue.message }];
}
