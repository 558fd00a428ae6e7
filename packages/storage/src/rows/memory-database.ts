import { assert } from "@tse/domain";
import { StorageError } from "../errors.ts";
import { MemoryRows, selectedFrom } from "./memory-rows.ts";
import { MemoryTable } from "./memory-table.ts";
import type { Rows, Session } from "./rows.ts";
import type { Selection } from "./selection.ts";
import type { Table } from "./table.ts";
import type { View } from "./view.ts";

type AnyTable = MemoryTable<unknown>;

/**
 * A database in memory with the embedded one's manners: one unit of work at a time, which everything
 * outside of it waits for, and which is taken back whole when it fails.
 */
export class MemoryDatabase implements Session {
  readonly forgets = true;
  readonly #tables = new Map<string, AnyTable>();
  readonly #history: number;
  #undo: (() => void)[] = [];
  #failed = false;
  /** Settles when the unit before has ended. */
  #turn: Promise<void> = Promise.resolve();

  /** @param history finished rows that are kept of each table; the newest */
  constructor(history: number) {
    assert(Number.isSafeInteger(history) && history >= 0, "a history has a length");
    this.#history = history;
  }

  rows<Model>(table: Table<Model>): Rows<Model> {
    const stored = this.#table(table);
    return new MemoryRows(stored, (work) => this.#alone(async () => work()));
  }

  view<Model, Source>(view: View<Model, Source>): Pick<Rows<Model>, "find"> {
    return derived(view, this.rows(view.source));
  }

  unit<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    const unit = { ended: false };
    return this.#alone(async () => {
      try {
        return await work(this.#inside(unit));
      } finally {
        unit.ended = true;
      }
    });
  }

  /** What a unit of work sees: it has its turn already, and no longer when it has ended. */
  #inside(of: { readonly ended: boolean }): Session {
    const session: Session = {
      forgets: true,
      rows: (table) => {
        const stored = this.#table(table);
        return new MemoryRows(stored, async (work) => {
          if (of.ended) throw tooLate();
          return this.#whole(async () => work());
        });
      },
      view: (view) => derived(view, session.rows(view.source)),
      unit: (work) => work(session),
    };
    return session;
  }

  async #alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = this.#turn;
    this.#turn = promise;
    await before;
    this.#failed = false;
    try {
      const result = await this.#whole(() => this.#complete(work));
      this.#commit();
      return result;
    } finally {
      resolve();
    }
  }

  /** A unit that goes on after a failed statement fails at its end, as in a database. */
  async #complete<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = await work();
    if (!this.#failed) return result;
    throw new StorageError("internal", "a unit of work went on after a statement of it had failed");
  }

  /** Takes back what `work` changed when it fails. */
  async #whole<Result>(work: () => Promise<Result>): Promise<Result> {
    const start = this.#undo.length;
    try {
      return await work();
    } catch (error) {
      for (const undo of this.#undo.splice(start).reverse()) undo();
      throw error;
    }
  }

  #commit(): void {
    this.#undo = [];
    for (const [name, table] of this.#tables) {
      if (table.finished <= this.#history) continue;
      table.forget(this.#history, (key) => {
        for (const other of this.#tables.values()) other.forgetPartsOf(name, key);
      });
    }
  }

  #table<Model>(table: Table<Model>): MemoryTable<Model> {
    const known = this.#tables.get(table.name) as MemoryTable<Model> | undefined;
    if (known !== undefined) return known;
    const made = new MemoryTable(table, {
      has: (name, key) => this.#tables.get(name)?.has(key) ?? false,
      refersTo: (name, key) => this.#tables.values().some((other) => other.refersTo(name, key)),
      changed: (undo) => this.#undo.push(undo),
      failed: () => {
        this.#failed = true;
      },
    });
    this.#tables.set(table.name, made as unknown as AnyTable);
    return made;
  }
}

function tooLate(): StorageError {
  return new StorageError("internal", "a statement came after the end of its unit of work");
}

function derived<Model, Source>(
  view: View<Model, Source>,
  source: Pick<Rows<Source>, "find">,
): Pick<Rows<Model>, "find"> {
  return {
    async find(selection: Selection<Model>) {
      return selectedFrom(view, view.derive(await source.find({})), selection);
    },
  };
}
