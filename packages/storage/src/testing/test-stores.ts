import { type Timestamp, timestamp } from "@tse/domain";
import type { Domain } from "../adapter/data-adapter.ts";
import { MemoryDatabase } from "../rows/memory-database.ts";
import type { Session } from "../rows/rows.ts";
import { SqlSession } from "../rows/sql-session.ts";
import { uuidV7 } from "../rows/uuid-v7.ts";
import { migrate } from "../sql/migrations.ts";
import type { SqlDatabase } from "../sql/sql-database.ts";
import { TEST_BACKENDS } from "./test-backends.ts";

/** Finished rows that a store in memory keeps of each table: more than a test makes. */
const HISTORY = 50_000;

/** Time that moves when it is told to. */
export class ManualClock {
  #now: Timestamp;

  constructor(start: Timestamp) {
    this.#now = start;
  }

  now(): Timestamp {
    return this.#now;
  }

  /** @param microseconds at least 1 */
  advance(microseconds: number): Timestamp {
    this.#now = timestamp(this.#now + microseconds);
    return this.#now;
  }
}

/** A store with nobody else in it, as a migrated database begins. */
export interface OpenStore<Repositories> {
  readonly repositories: Repositories;
  readonly session: Session;
  readonly clock: ManualClock;
  /** What the adapter's `transaction` does. */
  unit<Result>(work: (repositories: Repositories) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** An implementation of the repositories that contract suites run against. */
export interface TestStore<Repositories> {
  readonly name: "memory" | "pglite" | "postgres";
  /** For `describe`'s options: why it can't be tested here, or `false`. */
  readonly skip: string | false;
  open(): Promise<OpenStore<Repositories>>;
}

/**
 * Every implementation of a domain's repositories.
 *
 * @param start when the stores' clocks begin
 */
export function testStores<Repositories extends object>(
  domain: Pick<Domain<Repositories, object>, "migrations" | "repositoriesOver" | "seed">,
  start: Timestamp,
): readonly TestStore<Repositories>[] {
  const partsOver = (session: Session, clock: ManualClock) => ({
    session,
    clock,
    newId: () => uuidV7(clock),
  });
  const opened = (session: Session, close: () => Promise<void>): OpenStore<Repositories> => {
    const clock = new ManualClock(start);
    const over = (within: Session) => domain.repositoriesOver(partsOver(within, clock));
    const unit: OpenStore<Repositories>["unit"] = (work) =>
      session.unit((within) => work(over(within)));
    return { repositories: over(session), session, clock, unit, close };
  };
  const memory: TestStore<Repositories> = {
    name: "memory",
    skip: false,
    async open() {
      const database = new MemoryDatabase(HISTORY);
      await domain.seed(partsOver(database, new ManualClock(start)));
      return opened(database, async () => {});
    },
  };
  const backends = TEST_BACKENDS.map(({ name, skip, open }) => ({
    name,
    skip,
    async open() {
      const database: SqlDatabase<unknown> = await open();
      await migrate(database, { migrations: await domain.migrations() });
      return opened(new SqlSession(() => database), () => database.close());
    },
  }));
  return [memory, ...backends];
}
