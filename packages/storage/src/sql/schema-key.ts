import { createHash } from "node:crypto";

/**
 * Key of an advisory lock of a schema, the same in every process. As text for `$1::text::int8`.
 *
 * @param purpose tells the locks of one schema apart
 */
export function schemaKey(schema: string, purpose: "migrations" | "writer"): string {
  const digest = createHash("sha256").update(`tse:${purpose}:${schema}`).digest();
  return digest.readBigInt64BE(0).toString();
}
