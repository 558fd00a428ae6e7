import { formatDecimal } from "@tse/domain";
import type { Connection } from "./connection.ts";
import { listSince } from "./pages.ts";
import { type Balance, type Fill, type LedgerEntry, minorOf, type Transfer } from "./wire.ts";

const ONE = 10n ** 8n;

/**
 * What moved through one account, added up from outside in two ways: entry by entry from its ledger, and
 * from its transfers and fills. Both have to give the balances that the service shows.
 */
export class FundsRecord {
  /** Since the last `forget`. */
  transfers: Transfer[] = [];
  readonly #accountId: string;
  readonly #byEntries = new Map<string, bigint>();
  readonly #byFlows = new Map<string, bigint>();
  #lastTransfer = 0;
  #lastEntry = 0;

  constructor(accountId: string) {
    this.#accountId = accountId;
  }

  /** Reads what is new. @returns what contradicts itself */
  async refresh(connection: Connection, newFills: readonly Fill[]): Promise<string[]> {
    const path = `/api/v1/accounts/${this.#accountId}`;
    const [transfers, entries, { balances }] = await Promise.all([
      listSince<Transfer>(connection, `${path}/transfers`, {
        items: "transfers",
        numberOf: ({ transferSeq }) => transferSeq,
        floor: this.#lastTransfer,
      }),
      listSince<LedgerEntry>(connection, `${path}/ledger`, {
        items: "entries",
        numberOf: ({ entrySeq }) => entrySeq,
        floor: this.#lastEntry,
      }),
      connection.ask<{ balances: readonly Balance[] }>("GET", `${path}/balances`),
    ]);
    this.transfers.push(...transfers);
    this.#lastTransfer = transfers[0]?.transferSeq ?? this.#lastTransfer;
    for (const transfer of transfers) this.#addTransfer(transfer);
    for (const fill of newFills) this.#addFill(fill);
    const broken = entries.reverse().flatMap((entry) => this.#addEntry(entry));
    return [...broken, ...this.#compare(balances)];
  }

  forget(): void {
    this.transfers = [];
  }

  #addTransfer({ asset, amount, fromAccountId, toAccountId }: Transfer): void {
    if (toAccountId === this.#accountId) add(this.#byFlows, asset, minorOf(amount));
    if (fromAccountId === this.#accountId) add(this.#byFlows, asset, -minorOf(amount));
  }

  #addFill({ symbol, side, price, quantity, fee, feeCurrency }: Fill): void {
    const [base = "", quote = ""] = symbol.split("/");
    const sign = side === "BUY" ? 1n : -1n;
    add(this.#byFlows, base, sign * minorOf(quantity));
    add(this.#byFlows, quote, (-sign * minorOf(price) * minorOf(quantity)) / ONE);
    add(this.#byFlows, feeCurrency, -minorOf(fee));
  }

  #addEntry({ entrySeq, asset, change, total }: LedgerEntry): string[] {
    const broken: string[] = [];
    if (entrySeq <= this.#lastEntry) broken.push(`ledger entry ${entrySeq} is there twice`);
    this.#lastEntry = entrySeq;
    const sum = add(this.#byEntries, asset, minorOf(change));
    if (sum !== minorOf(total)) {
      broken.push(`ledger entry ${entrySeq} leaves ${total} ${asset}, its changes ${text(sum)}`);
    }
    return broken;
  }

  #compare(balances: readonly Balance[]): string[] {
    const shown = new Map(balances.map(({ asset, total }) => [asset, minorOf(total)]));
    const assets = new Set([...shown.keys(), ...this.#byEntries.keys(), ...this.#byFlows.keys()]);
    return [...assets].flatMap((asset) => {
      const balance = shown.get(asset) ?? 0n;
      const sums = [this.#byEntries.get(asset) ?? 0n, this.#byFlows.get(asset) ?? 0n];
      if (sums.every((sum) => sum === balance)) return [];
      const [entries, flows] = sums.map(text);
      const account = `account ${this.#accountId}`;
      return [
        `${account} has ${text(balance)} ${asset}; ledger ${entries}, transfers and fills ${flows}`,
      ];
    });
  }
}

function add(sums: Map<string, bigint>, asset: string, change: bigint): bigint {
  const sum = (sums.get(asset) ?? 0n) + change;
  sums.set(asset, sum);
  return sum;
}

function text(minor: bigint): string {
  return formatDecimal(minor, 8);
}
