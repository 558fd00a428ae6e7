import type { ExchangeDataAdapter, ExchangeRepositories } from "@tse/exchange-data-adapter";

/** An adapter whose units of work fail when told, one place after another. */
export interface FaultyAdapter {
  readonly adapter: ExchangeDataAdapter;
  /** The next unit of work fails, at the place behind the one where the last failed. */
  failNext(): void;
  /** Whether the last place has failed. */
  readonly isThrough: boolean;
}

/**
 * Fails with what `error` makes: before the first call of a repository in the unit, before the second, …,
 * at the end before the commit, and after the commit, as if its answer was lost.
 */
export function faultyAt(adapter: ExchangeDataAdapter, error: () => Error): FaultyAdapter {
  let place = 0;
  let armed = false;
  let isThrough = false;

  async function transaction<Result>(
    work: (repositories: ExchangeRepositories) => Promise<Result>,
  ): Promise<Result> {
    if (!armed) return adapter.transaction(work);
    armed = false;
    let calls = 0;
    const counted = () => {
      calls += 1;
      if (calls === place) throw error();
    };
    const result = await adapter.transaction(async (repositories) => {
      const done = await work(watched(repositories, counted));
      if (calls + 1 === place) throw error();
      return done;
    });
    if (calls + 2 > place) return result;
    isThrough = true;
    throw error();
  }

  return {
    adapter: { ...adapter, transaction, ...bound(adapter) },
    failNext() {
      if (isThrough) return;
      place += 1;
      armed = true;
    },
    get isThrough() {
      return isThrough;
    },
  };
}

/** Methods of the adapter's class, which a copy doesn't have. */
function bound(adapter: ExchangeDataAdapter) {
  return {
    violations: () => adapter.violations(),
    disconnect: () => adapter.disconnect(),
    connect: () => adapter.connect(),
    healthCheck: () => adapter.healthCheck(),
  };
}

/** The repositories, each of whose calls is told before it is made. */
function watched(repositories: ExchangeRepositories, told: () => void): ExchangeRepositories {
  const entries = Object.entries(repositories).map(([name, repository]) => [
    name,
    new Proxy(repository as object, {
      get(of, method) {
        const value = Reflect.get(of, method);
        if (typeof value !== "function") return value;
        return async (...given: unknown[]) => {
          told();
          return value.apply(of, given);
        };
      },
    }),
  ]);
  return Object.fromEntries(entries) as ExchangeRepositories;
}
