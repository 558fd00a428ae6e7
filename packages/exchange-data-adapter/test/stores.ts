import { after, before, describe, it } from "node:test";
import { type Timestamp, timestamp } from "@tse/domain";
import { migrate, type SqlDatabase } from "@tse/storage";
import { MemoryDatabase, type Session, SqlSession, uuidV7 } from "@tse/storage/rows";
import { TEST_BACKENDS } from "@tse/storage/testing";
import { type ExchangeRepositories, repositoriesOver } from "../src/exchange-repositories.ts";
import { exchangeMigrations } from "../src/index.ts";

/** Time that moves when it is told to. */
export class ManualClock {
  #now = 1_767_322_800_123_456;

  now(): Timestamp {
    return timestamp(this.#now);
  }

  /** @param microseconds at least 1 */
  advance(microseconds: number): Timestamp {
    this.#now += microseconds;
    return this.now();
  }
}

/** An empty store with nobody else in it. */
export interface OpenStore {
  readonly repositories: ExchangeRepositories;
  readonly session: Session;
  readonly clock: ManualClock;
  /** What the adapter's `transaction` does. */
  unit<Result>(work: (repositories: ExchangeRepositories) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** A store under a contract. */
export interface StoreUnderTest {
  readonly name: string;
  readonly skip: string | false;
  /** Tests of it that have passed. */
  passed: number;
  open(): Promise<OpenStore>;
}

const migrations = await exchangeMigrations();

/** Every implementation of the repositories. */
export const STORES: readonly StoreUnderTest[] = [
  { name: "memory", skip: false, passed: 0, open: async () => opened(new MemoryDatabase(50_000)) },
  ...TEST_BACKENDS.map((backend) => ({
    name: backend.name,
    skip: backend.skip,
    passed: 0,
    open: async () => {
      const database: SqlDatabase<unknown> = await backend.open();
      await migrate(database, { migrations });
      return opened(new SqlSession(() => database), () => database.close());
    },
  })),
];

/** Declares tests that every store has to pass, and counts those that do. */
export function contract(
  subject: string,
  tests: (check: (name: string, test: (store: OpenStore) => Promise<void>) => void) => void,
): (store: StoreUnderTest) => void {
  return (store) => {
    describe(`${subject} (${store.name})`, { skip: store.skip }, () => {
      let open: OpenStore;
      before(async () => {
        open = await store.open();
      });
      after(() => open.close());
      tests((name, test) =>
        it(name, async () => {
          await test(open);
          store.passed += 1;
        }),
      );
    });
  };
}

function opened(session: Session, close: () => Promise<void> = async () => {}): OpenStore {
  const clock = new ManualClock();
  const over = (within: Session) =>
    repositoriesOver({ session: within, clock, newId: () => uuidV7(clock) });
  return {
    repositories: over(session),
    session,
    clock,
    unit: (work) => session.unit((within) => work(over(within))),
    close,
  };
}
