import { createHmac, timingSafeEqual } from "node:crypto";

const PAIR = /(^|&)signature=[^&]*/g;

/**
 * What a client signed: the query followed by the body, both exactly as they came, without their
 * `signature=` pair, wherever it stood.
 */
export function signedText(query: string, body: string): string {
  return withoutSignature(query) + withoutSignature(body);
}

function withoutSignature(text: string): string {
  return text.replace(PAIR, "").replace(/^&/, "");
}

/** HMAC-SHA256 of `text`, in hexadecimal of either case. Takes the same time whatever is wrong. */
export function isSignedBy(secret: string, text: string, signature: string): boolean {
  const expected = createHmac("sha256", secret).update(text).digest();
  const given = Buffer.from(signature, "hex");
  const comparable = given.length === expected.length ? given : Buffer.alloc(expected.length);
  return timingSafeEqual(comparable, expected) && given.length === expected.length;
}
