import type { AccountNumber, Amount, AssetId, Timestamp } from "./units.ts";

/** All types trade fully funded: leverage is 1. */
export type AccountType = "spot" | "margin" | "futures";

/** `suspended` keeps its money but may not trade or withdraw; `closed` is final and empty. */
export type AccountStatus = "active" | "suspended" | "closed";

export type KycStatus = "pending" | "approved" | "rejected";

/** `venue` is the exchange's own fee account; `simulated` are the makers and takers of the world. */
export type AccountRole = "customer" | "simulated" | "venue";

export interface Account {
  readonly number: AccountNumber;
  /** UUIDv7, what clients know it by. */
  readonly id: string;
  readonly userId: string;
  readonly type: AccountType;
  readonly role: AccountRole;
  readonly status: AccountStatus;
  readonly kycStatus: KycStatus;
  /** The master account's number; an account that is its own master has its own number here. */
  readonly master: AccountNumber;
  /** `""` when none was given; unique among one master's sub-accounts. */
  readonly name: string;
  readonly feeTier: string;
  /** JSON text, `""` when none was given. */
  readonly metadata: string;
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
}

/** What one account holds of one asset. `available + locked` is its total. */
export interface Balance {
  readonly asset: AssetId;
  readonly available: Amount;
  /** Set aside for open orders. */
  readonly locked: Amount;
  readonly updatedAt: Timestamp;
}

export type Scope = "read" | "trade" | "admin";

/** An API key. The venue keeps it so that it is journaled; only gateways look inside. */
export interface ApiKey {
  /** 16 to 64 of `A-Za-z0-9_-`. */
  readonly keyId: string;
  readonly account: AccountNumber;
  readonly label: string;
  readonly scopes: readonly Scope[];
  /** SHA-256 of the secret, hex. */
  readonly secretHash: string;
  /** The secret under the venue's encryption key, base64: signatures need it back. */
  readonly sealedSecret: string;
  /** Addresses that may use it; empty means any. */
  readonly addresses: readonly string[];
  /** 0: never. */
  readonly expiresAt: Timestamp;
  readonly createdAt: Timestamp;
}
