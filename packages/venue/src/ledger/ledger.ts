import {
  type AccountNumber,
  type Amount,
  type AssetId,
  amount,
  assert,
  type Balance,
  type Timestamp,
} from "@tse/domain";
import type { EventLog } from "../events/event-log.ts";
import type { LedgerState } from "../state/venue-state.ts";
import { LIMB, type Money, toAmount } from "./money.ts";

/** Where the balance of one account in one asset lies. Stays valid until an account or asset is added. */
export type Cell = number & { readonly cell: unique symbol };

const WIDTH = 8;
const AVAILABLE_HIGH = 0;
const AVAILABLE_LOW = 1;
const LOCKED_HIGH = 2;
const LOCKED_LOW = 3;
const TOUCHED_BY = 4;
const UPDATED_AT = 5;
const ACCOUNT = 6;
const ASSET = 7;

const FIRST_ACCOUNTS = 64;
const FIRST_ASSETS = 8;

/**
 * What every account holds of every asset, exact, never below zero.
 *
 * One cell of eight doubles for each account and asset, so that a posting touches one cache line:
 *
 * ```
 * cell = (account × assets + asset) × 8
 *  0 available, high limb    4 number of the unit that touched it last, 0: never
 *  1 available, low limb     5 world time of that unit
 *  2 locked, high limb       6 account, so that a touched cell is reported
 *  3 locked, low limb        7 asset    without a division
 * ```
 *
 * Double entry: callers post both sides of a movement. The outside world's side of deposits and
 * withdrawals is kept here as the supply of each asset, which is what all accounts together hold.
 */
export class Ledger {
  #cells = new Float64Array(FIRST_ACCOUNTS * FIRST_ASSETS * WIDTH);
  #accounts = FIRST_ACCOUNTS;
  #assets = FIRST_ASSETS;
  #supply: bigint[] = [];
  #touched = new Float64Array(64);
  #touchedCount = 0;
  #unit = 1;

  cell(account: AccountNumber, asset: AssetId): Cell {
    return ((account * this.#assets + asset) * WIDTH) as Cell;
  }

  /** Makes room for accounts and assets numbered below these counts. */
  reserve(accounts: number, assets: number): void {
    while (this.#supply.length < assets) this.#supply.push(0n);
    if (accounts <= this.#accounts && assets <= this.#assets) return;

    const wider = assets <= this.#assets ? this.#assets : Math.max(assets, this.#assets * 2);
    const longer =
      accounts <= this.#accounts ? this.#accounts : Math.max(accounts, this.#accounts * 2);
    const cells = new Float64Array(longer * wider * WIDTH);
    const row = this.#assets * WIDTH;
    for (let account = 0; account < this.#accounts; account++) {
      cells.set(this.#cells.subarray(account * row, (account + 1) * row), account * wider * WIDTH);
    }
    this.#cells = cells;
    this.#accounts = longer;
    this.#assets = wider;
  }

  canPay(cell: Cell, money: Money): boolean {
    return money.isAtMost(this.#word(cell + AVAILABLE_HIGH), this.#word(cell + AVAILABLE_LOW));
  }

  credit(cell: Cell, money: Money): void {
    this.#add(cell, AVAILABLE_HIGH, money);
  }

  debit(cell: Cell, money: Money): void {
    this.#take(cell, AVAILABLE_HIGH, money);
  }

  lock(cell: Cell, money: Money): void {
    this.#take(cell, AVAILABLE_HIGH, money);
    this.#add(cell, LOCKED_HIGH, money);
  }

  release(cell: Cell, money: Money): void {
    this.#take(cell, LOCKED_HIGH, money);
    this.#add(cell, AVAILABLE_HIGH, money);
  }

  /** Pays out of what is locked. */
  debitLocked(cell: Cell, money: Money): void {
    this.#take(cell, LOCKED_HIGH, money);
  }

  /** Money that enters (above zero) or leaves (below zero) the venue: the other side of a deposit or withdrawal. */
  supplyChanged(asset: AssetId, by: bigint): void {
    this.#supply[asset] = this.supply(asset) + by;
  }

  /** Deposits less withdrawals, ever. */
  supply(asset: AssetId): Amount {
    return amount(this.#supply[asset] ?? 0n);
  }

  available(cell: Cell): Amount {
    return toAmount(this.#word(cell + AVAILABLE_HIGH), this.#word(cell + AVAILABLE_LOW));
  }

  locked(cell: Cell): Amount {
    return toAmount(this.#word(cell + LOCKED_HIGH), this.#word(cell + LOCKED_LOW));
  }

  isTouched(cell: Cell): boolean {
    return this.#word(cell + TOUCHED_BY) !== 0;
  }

  isEmpty(account: AccountNumber, asset: AssetId): boolean {
    const cell = this.cell(account, asset);
    return this.available(cell) === 0n && this.locked(cell) === 0n;
  }

  balance(account: AccountNumber, asset: AssetId): Balance {
    const cell = this.cell(account, asset);
    const updatedAt = this.#word(cell + UPDATED_AT) as Timestamp;
    return { asset, available: this.available(cell), locked: this.locked(cell), updatedAt };
  }

  /** Reports each balance touched since the last call, in order of first touch, and closes the unit. */
  endUnit(at: Timestamp, log: EventLog): void {
    const cells = this.#cells;
    for (let i = 0; i < this.#touchedCount; i++) {
      const cell = this.#touched[i] as Cell;
      cells[cell + UPDATED_AT] = at;
      log.balanceChanged(
        cells[cell + ACCOUNT] as number,
        cells[cell + ASSET] as number,
        cells,
        cell,
      );
    }
    this.#touchedCount = 0;
    this.#unit += 1;
  }

  save(): LedgerState {
    const touched: number[] = [];
    for (let cell = 0; cell < this.#cells.length; cell += WIDTH) {
      if (this.isTouched(cell as Cell)) touched.push(cell);
    }
    const cells = new Float64Array(touched.length * WIDTH);
    touched.forEach((cell, place) => {
      cells.set(this.#cells.subarray(cell, cell + WIDTH), place * WIDTH);
    });
    return { cells, supply: [...this.#supply], unit: this.#unit };
  }

  /** Into a ledger without money, with room for the accounts and assets that have some. */
  restore({ cells, supply, unit }: LedgerState): void {
    for (let from = 0; from < cells.length; from += WIDTH) {
      const account = cells[from + ACCOUNT] as AccountNumber;
      const asset = cells[from + ASSET] as AssetId;
      this.#cells.set(cells.subarray(from, from + WIDTH), this.cell(account, asset));
    }
    this.#supply = [...supply];
    this.#unit = unit;
  }

  #word(index: number): number {
    return this.#cells[index] as number;
  }

  #add(cell: Cell, column: number, money: Money): void {
    const cells = this.#cells;
    const at = cell + column;
    let high = (cells[at] as number) + money.high;
    let low = (cells[at + 1] as number) + money.low;
    if (low >= LIMB) {
      low -= LIMB;
      high += 1;
    }
    cells[at] = high;
    cells[at + 1] = low;
    if (cells[cell + TOUCHED_BY] !== this.#unit) this.#touch(cell);
  }

  #take(cell: Cell, column: number, money: Money): void {
    const cells = this.#cells;
    const at = cell + column;
    let high = (cells[at] as number) - money.high;
    let low = (cells[at + 1] as number) - money.low;
    if (low < 0) {
      low += LIMB;
      high -= 1;
    }
    assert(high >= 0, "a balance is never below zero");
    cells[at] = high;
    cells[at + 1] = low;
    if (cells[cell + TOUCHED_BY] !== this.#unit) this.#touch(cell);
  }

  #touch(cell: Cell): void {
    const cells = this.#cells;
    if (cells[cell + TOUCHED_BY] === 0) {
      const row = cell / WIDTH;
      cells[cell + ACCOUNT] = Math.floor(row / this.#assets);
      cells[cell + ASSET] = row % this.#assets;
    }
    cells[cell + TOUCHED_BY] = this.#unit;
    if (this.#touchedCount === this.#touched.length) {
      const longer = new Float64Array(this.#touched.length * 2);
      longer.set(this.#touched);
      this.#touched = longer;
    }
    this.#touched[this.#touchedCount++] = cell;
  }
}
