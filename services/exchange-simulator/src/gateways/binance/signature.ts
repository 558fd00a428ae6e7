import { createHmac, timingSafeEqual } from "node:crypto";

const SIGNATURE = /^[0-9a-f]{64}$/i;
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
  // Decoding stops without a word at the first character that isn't hexadecimal.
  const isWhole = SIGNATURE.test(signature);
  const given = isWhole ? Buffer.from(signature, "hex") : Buffer.alloc(expected.length);
  return timingSafeEqual(given, expected) && isWhole;
}
