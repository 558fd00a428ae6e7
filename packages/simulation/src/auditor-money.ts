/** What an account must hold of an asset. */
export interface AuditedBalance {
  readonly account: number;
  readonly asset: number;
  total: bigint;
  locked: bigint;
}

/** Balances as the sum of everything that ever moved. */
export class AuditedMoney {
  readonly #balances = new Map<string, AuditedBalance>();
  readonly #supply: bigint[] = [];
  readonly #touched = new Set<AuditedBalance>();

  of(account: number, asset: number): AuditedBalance {
    const key = `${account} ${asset}`;
    const known = this.#balances.get(key);
    if (known !== undefined) return known;
    const balance = { account, asset, total: 0n, locked: 0n };
    this.#balances.set(key, balance);
    return balance;
  }

  supply(asset: number): bigint {
    return this.#supply[asset] ?? 0n;
  }

  /** What is there when the following begins. Not a movement. */
  begin(account: number, asset: number, total: bigint): void {
    this.of(account, asset).total = total;
  }

  beginSupply(asset: number, supply: bigint): void {
    this.#supply[asset] = supply;
  }

  /** @param account `undefined`: the outside world */
  move(account: number | undefined, asset: number, by: bigint): void {
    if (account === undefined) {
      this.#supply[asset] = this.supply(asset) - by;
      return;
    }
    const balance = this.of(account, asset);
    balance.total += by;
    this.#touched.add(balance);
  }

  lock(account: number, asset: number, by: bigint): void {
    const balance = this.of(account, asset);
    balance.locked += by;
    this.#touched.add(balance);
  }

  /** The balances that moved since the last call. */
  takeTouched(): AuditedBalance[] {
    const touched = [...this.#touched];
    this.#touched.clear();
    return touched;
  }
}
