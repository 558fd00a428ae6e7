const SECRET =
  /^(authorization|proxy-authorization|cookie|set-cookie|password|passphrase|signature|x-mbx-apikey|.*secret.*|.*token|.*api[-_]?key|.*private[-_]?key)$/i;

const HIDDEN = "[redacted]";
const DEPTH_MAX = 6;

/**
 * A copy of `fields` fit for a log: what is named like a secret is hidden at any depth, errors become
 * plain objects, big integers text. Key ids, such as `keyId`, stay.
 */
export function redact(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return copyObject(fields, 0);
}

function copyObject(fields: object, depth: number): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    copy[name] = SECRET.test(name) ? HIDDEN : copyValue(value, depth + 1);
  }
  return copy;
}

function copyValue(value: unknown, depth: number): unknown {
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return value;
  if (depth > DEPTH_MAX) return "[deep]";
  if (value instanceof Error) return describeError(value, depth);
  if (Array.isArray(value)) return value.map((item) => copyValue(item, depth + 1));
  return value instanceof Date ? value.toISOString() : copyObject(value, depth);
}

function describeError(error: Error, depth: number): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  const code = (error as NodeJS.ErrnoException).code;
  return {
    name,
    message,
    ...(code === undefined ? {} : { code }),
    stack,
    ...(cause === undefined ? {} : { cause: copyValue(cause, depth + 1) }),
  };
}
