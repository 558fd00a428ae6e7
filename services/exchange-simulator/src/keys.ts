import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  randomBytes,
  randomInt,
  timingSafeEqual,
} from "node:crypto";
import { isIPv6, SocketAddress } from "node:net";
import {
  type Account,
  type AccountNumber,
  type CreateAccount,
  type CreateKey,
  type Scope,
  type Timestamp,
  timestamp,
} from "@tse/domain";
import type { VenueView } from "@tse/venue";

/** Who a request speaks for. `scopes` holds what each granted scope includes as well. */
export interface Principal {
  readonly keyId: string;
  readonly account: Account;
  readonly scopes: ReadonlySet<Scope>;
}

/** What a key is issued for, its account aside. */
export interface KeyTerms {
  readonly label: string;
  readonly scopes: readonly Scope[];
  /** Addresses that may use the key; none given means any. */
  readonly addresses?: readonly string[];
  /** Not given: never. */
  readonly expiresAt?: Timestamp;
  /** A known pair for a world that must repeat exactly; otherwise both come from the secure random source. */
  readonly fixed?: { readonly keyId: string; readonly secret: string };
}

export interface KeyRequest extends KeyTerms {
  readonly account: AccountNumber;
}

interface Secret {
  readonly keyId: string;
  /** Shown once; afterwards it exists only hashed and sealed. */
  readonly secret: string;
}

export interface IssuedKey extends Secret {
  readonly command: CreateKey;
}

/** A key for an account that the command will open. */
export interface FirstKey extends Secret {
  readonly key: NonNullable<CreateAccount["key"]>;
}

/** `read` < `trade` < `admin`: each scope includes those before it. */
const INCLUDED: Record<Scope, ReadonlySet<Scope>> = {
  read: new Set(["read"]),
  trade: new Set(["read", "trade"]),
  admin: new Set(["read", "trade", "admin"]),
};

const BEARER = /^Bearer +([A-Za-z0-9_-]{16,64})\.([\x21-\x7e]{1,256})$/i;
const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const SECRET_LENGTH = 64;
const KEY_ID_BYTES = 24;
const SECRET_KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CACHED_SECRETS = 10_000;
const NO_DIGEST = Buffer.alloc(32);

/**
 * API keys: made here, kept by the venue, checked here.
 *
 * A secret is stored twice: its SHA-256 answers bearer requests, and the secret itself, sealed with
 * AES-256-GCM under the service's secret key, answers signed ones. Both travel in the command, so a
 * replay needs nothing else. Whatever is wrong with a key, the answer is `undefined`: a caller can't
 * tell an unknown key from a wrong secret, neither by the reply nor by its time.
 */
export class KeyRing {
  readonly #venue: VenueView;
  readonly #secretKey: Buffer;
  readonly #now: () => Timestamp;
  /** Sealed to open; bounded, oldest out first. */
  readonly #opened = new Map<string, string>();

  constructor(
    venue: VenueView,
    options: { readonly secretKey: Buffer; readonly now: () => Timestamp },
  ) {
    if (options.secretKey.length !== SECRET_KEY_BYTES) {
      throw new RangeError(`a secret key has ${SECRET_KEY_BYTES} bytes`);
    }
    this.#venue = venue;
    this.#secretKey = options.secretKey;
    this.#now = options.now;
  }

  /** A new key, in force once its command is applied. */
  issue({ account, ...terms }: KeyRequest): IssuedKey {
    const { key, keyId, secret } = this.issueFirst(terms);
    return { command: { kind: "create_key", key: { ...key, account } }, keyId, secret };
  }

  /** A new key that is opened together with its account, in force once that is. */
  issueFirst(terms: KeyTerms): FirstKey {
    const keyId = terms.fixed?.keyId ?? randomBytes(KEY_ID_BYTES).toString("base64url");
    const secret = terms.fixed?.secret ?? randomSecret();
    const key = {
      keyId,
      label: terms.label,
      scopes: terms.scopes,
      secretHash: digest(secret).toString("hex"),
      sealedSecret: this.#seal(keyId, secret),
      addresses: (terms.addresses ?? []).map(plainAddress),
      expiresAt: terms.expiresAt ?? timestamp(0),
    };
    return { key, keyId, secret };
  }

  /** Who `Authorization: Bearer <keyId>.<secret>` speaks for, when it is used from `address`. */
  bearer(authorization: string | undefined, address: string): Principal | undefined {
    const [, keyId = "", secret = ""] = BEARER.exec(authorization ?? "") ?? [];
    const stored = this.#venue.key(keyId)?.secretHash;
    const expected = stored === undefined ? NO_DIGEST : Buffer.from(stored, "hex");
    const matches = timingSafeEqual(digest(secret), expected);
    return matches ? this.principal(keyId, address) : undefined;
  }

  /** Who a key speaks for, its secret aside: the caller has checked a signature. */
  principal(keyId: string, address: string): Principal | undefined {
    const key = this.#venue.key(keyId);
    if (key === undefined) return undefined;
    if (key.expiresAt !== 0 && this.#now() >= key.expiresAt) return undefined;
    if (key.addresses.length > 0 && !key.addresses.includes(plainAddress(address))) {
      return undefined;
    }

    const account = this.#venue.account(key.account);
    return account === undefined ? undefined : { keyId, account, scopes: included(key.scopes) };
  }

  /** The secret that signs for a key, whether or not the key may be used just now. */
  secretOf(keyId: string): string | undefined {
    const sealed = this.#venue.key(keyId)?.sealedSecret;
    if (sealed === undefined) return undefined;

    const known = this.#opened.get(sealed);
    if (known !== undefined) return known;
    const secret = this.open(keyId, sealed);
    if (secret !== undefined) this.#remember(sealed, secret);
    return secret;
  }

  #remember(sealed: string, secret: string): void {
    if (this.#opened.size >= CACHED_SECRETS) {
      const oldest = this.#opened.keys().next().value;
      if (oldest !== undefined) this.#opened.delete(oldest);
    }
    this.#opened.set(sealed, secret);
  }

  /**
   * `nonce | tag | ciphertext`, base64, bound to the key's id. The nonce is a keyed hash of what is
   * sealed: it repeats only when everything repeats, so the same world makes the same journal.
   */
  #seal(keyId: string, secret: string): string {
    const nonce = createHmac("sha256", this.#secretKey)
      .update(`${keyId}.${secret}`)
      .digest()
      .subarray(0, NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.#secretKey, nonce);
    cipher.setAAD(Buffer.from(keyId));
    const text = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString("base64");
  }

  /** `undefined` when it was sealed under another secret key or for another key id. */
  open(keyId: string, sealed: string): string | undefined {
    const bytes = Buffer.from(sealed, "base64");
    if (bytes.length <= NONCE_BYTES + TAG_BYTES) return undefined;

    const nonce = bytes.subarray(0, NONCE_BYTES);
    const cipher = createDecipheriv("aes-256-gcm", this.#secretKey, nonce);
    cipher.setAAD(Buffer.from(keyId));
    cipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    try {
      const text = cipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([text, cipher.final()]).toString("utf8");
    } catch {
      return undefined;
    }
  }
}

function digest(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

function randomSecret(): string {
  let secret = "";
  while (secret.length < SECRET_LENGTH) secret += ALPHABET[randomInt(ALPHABET.length)];
  return secret;
}

function included(scopes: readonly Scope[]): ReadonlySet<Scope> {
  const all = new Set<Scope>();
  for (const scope of scopes) for (const one of INCLUDED[scope]) all.add(one);
  return all;
}

/** One spelling of each address: IPv6 at its shortest, IPv4 without the prefix of a dual-stack socket. */
function plainAddress(address: string): string {
  if (!isIPv6(address)) return address;
  const [bare = "", ...zone] = address.split("%");
  const shortest = new SocketAddress({ address: bare, family: "ipv6" }).address;
  const mapped = MAPPED_IPV4.exec(shortest)?.[1];
  return mapped ?? [shortest, ...zone].join("%");
}
