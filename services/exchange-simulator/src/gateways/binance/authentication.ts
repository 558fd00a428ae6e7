import type { Clock } from "@tse/domain";
import type { KeyRing, Principal } from "../../keys.ts";
import type { Security, SignedValues } from "./endpoint.ts";
import { refused } from "./failures.ts";
import { isSignedBy, signedText } from "./signature.ts";

const KEY = /^[A-Za-z0-9_-]{16,64}$/;
const DEFAULT_WINDOW = 5_000_000;
const AHEAD = 1_000_000;

/** A signed request as it came. */
export interface SignedRequest {
  readonly key: string;
  readonly address: string;
  readonly query: string;
  readonly body: string;
  readonly values: SignedValues;
}

/** The key that a request names; throws when that can't be a key. */
export function namedKey(header: string | readonly string[] | undefined): string {
  if (typeof header !== "string" || !KEY.test(header)) throw refused("key_format");
  return header;
}

/** Tells who sends a signed request; throws when that isn't sure, or may not do what is asked. */
export class Authentication {
  readonly #keys: KeyRing;
  readonly #clock: Clock;

  constructor(keys: KeyRing, clock: Clock) {
    this.#keys = keys;
    this.#clock = clock;
  }

  check(request: SignedRequest, security: Exclude<Security, "none">): Principal {
    const { key, address, query, body, values } = request;
    const principal = this.#keys.principal(key, address);
    const secret = this.#keys.secretOf(key);
    if (principal === undefined || secret === undefined) throw refused("key");

    this.#checkTime(values);
    if (!isSignedBy(secret, signedText(query, body), values.signature)) {
      throw refused("wrong_signature");
    }
    if (!principal.scopes.has(security === "trade" ? "trade" : "read")) throw refused("key");
    return principal;
  }

  #checkTime({ timestamp, recvWindow = DEFAULT_WINDOW }: SignedValues): void {
    const now = this.#clock.now();
    if (timestamp >= now + AHEAD) throw refused("ahead_of_time");
    if (now - timestamp > recvWindow) throw refused("outside_window");
  }
}
