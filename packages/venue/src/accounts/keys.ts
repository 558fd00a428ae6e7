import type { AccountNumber, ApiKey } from "@tse/domain";

/** The API keys in force, by `keyId` and by account in order of creation. */
export class Keys {
  readonly #byId = new Map<string, ApiKey>();
  readonly #byAccount = new Map<AccountNumber, Set<string>>();

  get(keyId: string): ApiKey | undefined {
    return this.#byId.get(keyId);
  }

  of(account: AccountNumber): ApiKey[] {
    return [...(this.#byAccount.get(account) ?? [])].map(
      (keyId) => this.#byId.get(keyId) as ApiKey,
    );
  }

  /** In order of creation. */
  all(): ApiKey[] {
    return [...this.#byId.values()];
  }

  add(key: ApiKey): void {
    this.#byId.set(key.keyId, key);
    const keys = this.#byAccount.get(key.account);
    if (keys === undefined) this.#byAccount.set(key.account, new Set([key.keyId]));
    else keys.add(key.keyId);
  }

  remove(key: ApiKey): void {
    this.#byId.delete(key.keyId);
    this.#byAccount.get(key.account)?.delete(key.keyId);
  }
}
