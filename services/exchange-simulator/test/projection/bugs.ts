import type { ExchangeDataAdapter, ExchangeRepositories } from "@tse/exchange-data-adapter";
import { StorageError } from "@tse/storage";

type Work<Result> = (repositories: ExchangeRepositories) => Promise<Result>;

/** Carries out unit of work `number` of a projection, counted from 1, wrongly. */
export type Bug = (
  adapter: ExchangeDataAdapter,
  work: Work<unknown>,
  number: number,
) => Promise<unknown>;

/** The unit of work that goes wrong where one is enough. */
const CHOSEN = 4;

/** An adapter through which a projection writes as one with this bug would. */
export function withBug(adapter: ExchangeDataAdapter, bug: Bug): ExchangeDataAdapter {
  let number = 0;
  async function transaction<Result>(work: Work<Result>): Promise<Result> {
    number += 1;
    return (await bug(adapter, work, number)) as Result;
  }
  return { ...adapter, transaction, violations: () => adapter.violations() };
}

/** What a projection may do wrong, by name. */
export const BUGS: Readonly<Record<string, Bug>> = {
  "the position is stored before the rows": async (adapter, work, number) => {
    const { projectionRepository } = adapter;
    const known = await projectionRepository.get("exchange");
    await adapter.transaction((repositories) =>
      work({ ...silent(repositories), projectionRepository: repositories.projectionRepository }),
    );
    if (number === CHOSEN) throw new StorageError("storage_unavailable", "cut off");
    if (known?.lastSequence === (await projectionRepository.get("exchange"))?.lastSequence) return;
    await adapter.transaction((repositories) => work(withoutPosition(repositories)));
  },

  "a step's rows are skipped": (adapter, work, number) =>
    adapter.transaction((repositories) => {
      const { projectionRepository } = repositories;
      return work(
        number === CHOSEN ? { ...silent(repositories), projectionRepository } : repositories,
      );
    }),

  "a step is stored twice": async (adapter, work, number) => {
    await adapter.transaction(work);
    if (number === CHOSEN) await adapter.transaction((all) => work(withoutPosition(all)));
  },

  "an order is left out": altering("orderRepository", "saveMany", (rows, number) =>
    number === CHOSEN ? rows.slice(1) : rows,
  ),

  "a fill is off by one": altering("orderRepository", "saveMany", (rows) =>
    rows.map((row) => (row.status === "PARTIAL" ? less(row, "filledQuantity") : row)),
  ),

  "the release of a lock is lost on the order": altering("orderRepository", "saveMany", (rows) =>
    rows.map((row) => (row.status === "PARTIAL" ? more(row, "reservedAmount") : row)),
  ),

  "the release of a lock is lost on the balance": altering(
    "balanceRepository",
    "saveMany",
    (rows) => rows.map((row) => more(row, "lockedBalance")),
  ),

  "a match has one side": altering("tradeRepository", "saveMany", (rows) =>
    rows.filter((row) => row.liquidity === "TAKER"),
  ),

  "a ledger journal is left out": altering("ledgerRepository", "append", (rows, number) =>
    number === CHOSEN ? rows.slice(1) : rows,
  ),

  "an audit event is left out": altering("auditRepository", "append", (rows, number) =>
    number === CHOSEN ? rows.slice(0, -1) : rows,
  ),
};

type Row = Readonly<Record<string, unknown>>;

/** A bug that changes the rows on their way into a table. */
function altering(
  name: keyof ExchangeRepositories,
  method: string,
  alter: (rows: readonly Row[], number: number) => readonly Row[],
): Bug {
  return (adapter, work, number) =>
    adapter.transaction((repositories) => {
      const altered = through(repositories[name], (of, called, [rows]) =>
        called === method ? of(alter(rows as readonly Row[], number)) : of(rows),
      );
      return work({ ...repositories, [name]: altered });
    });
}

/** Repositories that take everything and store nothing. */
function silent(repositories: ExchangeRepositories): ExchangeRepositories {
  const entries = Object.entries(repositories).map(([name, repository]) => [
    name,
    through(repository, async () => undefined),
  ]);
  return Object.fromEntries(entries) as ExchangeRepositories;
}

/** Repositories for who doesn't look at the position. */
function withoutPosition(repositories: ExchangeRepositories): ExchangeRepositories {
  const { projectionRepository } = silent(repositories);
  return { ...repositories, projectionRepository };
}

type Call = (...given: readonly unknown[]) => unknown;

function through<Repository extends object>(
  repository: Repository,
  call: (original: Call, method: string, given: readonly unknown[]) => unknown,
): Repository {
  return new Proxy(repository, {
    get(of, method) {
      const value = Reflect.get(of, method) as unknown;
      if (typeof value !== "function") return value;
      const original: Call = (...given) => value.apply(of, given);
      return (...given: readonly unknown[]) => call(original, String(method), given);
    },
  });
}

function more(row: Row, field: string): Row {
  return { ...row, [field]: (row[field] as bigint) + 1n };
}

function less(row: Row, field: string): Row {
  return { ...row, [field]: (row[field] as bigint) - 1n };
}
