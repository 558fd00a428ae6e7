import { timestamp } from "@tse/domain";
import { type ExchangeDataAdapter, newExchangeDataAdapter } from "@tse/exchange-data-adapter";
import { silentLogger } from "@tse/service-kit";
import { seededRandom } from "@tse/simulation";
import { systemClock, TEST_BACKENDS } from "@tse/storage/testing";
import type { Journal } from "./random-journal.ts";

/** A store that rows are written to. */
export interface Target {
  readonly name: string;
  readonly skip: string | false;
  /** An empty one that nobody else uses, connected. */
  open(): Promise<ExchangeDataAdapter>;
}

/** Stamps of the adapter are the same in each run. */
const STAMP = timestamp(1_767_571_200_000_000);
/** More than any of these tests finishes. */
const HISTORY = 100_000;

const parts = () => ({
  logger: silentLogger,
  clock: { now: () => STAMP },
  realClock: systemClock,
  random: seededRandom("storage"),
});

/** Every store that an exchange may have. */
export const TARGETS: readonly Target[] = [
  {
    name: "memory",
    skip: false,
    async open() {
      const store = { kind: "memory", history: HISTORY } as const;
      return connected(newExchangeDataAdapter({ instanceName: "test", store }, parts()));
    },
  },
  ...TEST_BACKENDS.map(({ name, skip, open }) => ({
    name,
    skip,
    async open() {
      const database = await open<unknown>();
      const { schema } = database;
      const store = { kind: "database", database } as const;
      return connected(newExchangeDataAdapter({ instanceName: "test", schema, store }, parts()));
    },
  })),
];

async function connected(adapter: ExchangeDataAdapter): Promise<ExchangeDataAdapter> {
  await adapter.connect();
  return adapter;
}

/**
 * Every row of every table, in order. Ids that a store makes up are left out. Of what the house's own
 * matches moved there is the sum, by account and asset: in how many journals it stands is the run's own.
 */
export async function rowsOf(adapter: ExchangeDataAdapter, { venue, requests }: Journal) {
  const symbols = venue.instruments().map(({ symbol }) => symbol);
  const instruments = await all((page) => adapter.instrumentRepository.query(page));
  const balances = await all((page) => adapter.balanceRepository.query(page));
  const journals = await all((page) => adapter.ledgerRepository.queryJournals(page));
  const entries = await all((page) => adapter.ledgerRepository.queryEntries(page));
  const house = new Set(
    journals
      .filter(({ referenceType }) => referenceType === "house")
      .map(({ journalId }) => journalId),
  );
  const tape = await Promise.all(
    symbols.map((symbol) => all((page) => adapter.tapeRepository.query({ ...page, symbol }))),
  );
  const replies = await Promise.all(
    requests.map(([account, key]) =>
      adapter.idempotencyRepository.get(venue.account(account)?.id ?? "", key),
    ),
  );
  return {
    assets: sorted(await adapter.instrumentRepository.listAssets()),
    instruments: sorted(instruments.filter(({ symbol }) => symbols.includes(symbol))),
    feeTiers: sorted(await adapter.instrumentRepository.listFeeTiers()),
    accounts: sorted(await all((page) => adapter.accountRepository.query(page))),
    apiKeys: sorted(await all((page) => adapter.apiKeyRepository.query(page))),
    orders: sorted(await all((page) => adapter.orderRepository.query(page))),
    trades: sorted(await all((page) => adapter.tradeRepository.query(page))),
    tape: sorted(tape.flat()),
    balances: sorted(balances.map(({ balanceId: _, ...row }) => row)),
    transfers: sorted(await all((page) => adapter.transferRepository.query(page))),
    journals: sorted(journals.filter(({ journalId }) => !house.has(journalId))),
    entries: sorted(entries.filter(({ journalId }) => !house.has(journalId))),
    house: sums(entries.filter(({ journalId }) => house.has(journalId))),
    audit: sorted(await all((page) => adapter.auditRepository.query(page))),
    replies: sorted(replies.filter((reply) => reply !== undefined)),
    position: await adapter.projectionRepository.get("exchange"),
  };
}

interface PageOf<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | undefined;
}

/** All pages of a query. */
export async function all<Item>(
  ask: (page: { limit: number; cursor?: string }) => Promise<PageOf<Item>>,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await ask({ limit: 1_000, ...(cursor !== undefined && { cursor }) });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return items;
}

function sorted(rows: readonly object[]): readonly string[] {
  return rows.map(textOf).sort();
}

/** Names in order, as a JSON column doesn't keep them; what is absent is left out. */
function textOf(row: object): string {
  return JSON.stringify(row, (_, value: unknown) => {
    if (typeof value === "bigint") return `${value}n`;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(
      Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)),
    );
  });
}

function sums(
  entries: readonly {
    readonly accountId: string | undefined;
    readonly asset: string;
    readonly amount: bigint;
  }[],
): Readonly<Record<string, bigint>> {
  const totals: Record<string, bigint> = {};
  for (const { accountId, asset, amount: moved } of entries) {
    const key = `${accountId} ${asset}`;
    totals[key] = (totals[key] ?? 0n) + moved;
  }
  return totals;
}
