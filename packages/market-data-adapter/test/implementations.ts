import { type Timestamp, timestamp } from "@tse/domain";
import { migrate, type SqlDatabase } from "@tse/storage";
import { MemoryDatabase, type Session, SqlSession, uuidV7 } from "@tse/storage/rows";
import { TEST_BACKENDS } from "@tse/storage/testing";
import { type MarketDataRepositories, repositoriesOver } from "../src/market-data-repositories.ts";
import { marketDataMigrations } from "../src/migrations.ts";
import { storeDefaultSymbols } from "../src/symbols/default-symbols.ts";

/** A moment with microseconds, to see that they are kept. */
export const NOON = timestamp(1_767_614_400_123_457);

/** A clock that stands until it is moved. */
export class HandClock {
  #time: Timestamp = NOON;

  now(): Timestamp {
    return this.#time;
  }

  advance(microseconds: number): Timestamp {
    this.#time = timestamp(this.#time + microseconds);
    return this.#time;
  }
}

/** A store with all repositories, as a migrated database begins. */
export interface StoreUnderTest {
  readonly repositories: MarketDataRepositories;
  readonly clock: HandClock;
  /** All of `work` or nothing of it. */
  unit<Result>(work: (unit: MarketDataRepositories) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

export interface Implementation {
  readonly name: string;
  /** Why it can't be tested here, or `false`. */
  readonly skip: string | false;
  open(): Promise<StoreUnderTest>;
}

/** Rows that the memory implementation keeps of each table. */
const HISTORY = 50_000;

const memory: Implementation = {
  name: "memory",
  skip: false,
  async open() {
    const database = new MemoryDatabase(HISTORY);
    const clock = new HandClock();
    await storeDefaultSymbols({ session: database, clock, newId: () => uuidV7(clock) });
    return storeOver(database, clock, async () => {});
  },
};

export const IMPLEMENTATIONS: readonly Implementation[] = [
  memory,
  ...TEST_BACKENDS.map(({ name, skip, open }) => ({
    name,
    skip,
    async open(): Promise<StoreUnderTest> {
      const database: SqlDatabase<unknown> = await open<unknown>();
      await migrate(database, { migrations: await marketDataMigrations() });
      return storeOver(new SqlSession(() => database), new HandClock(), () => database.close());
    },
  })),
];

function storeOver(session: Session, clock: HandClock, close: () => Promise<void>): StoreUnderTest {
  const newId = () => uuidV7(clock);
  return {
    repositories: repositoriesOver({ session, clock, newId }),
    clock,
    unit: (work) => session.unit((unit) => work(repositoriesOver({ session: unit, clock, newId }))),
    close,
  };
}
