import { assert } from "@tse/domain";
import { type StorageCode, StorageError } from "../errors.ts";
import { assertFits, type Field, fieldsOf, type Table, type Unique } from "./table.ts";

/** Undoes one change. */
type Undo = () => void;

/** What a memory table asks of the others. */
export interface Neighbours {
  readonly has: (table: string, key: unknown) => boolean;
  /** Whether a row of any table refers to this one. */
  readonly refersTo: (table: string, key: unknown) => boolean;
  /** Told how to take back each change, in order. */
  readonly changed: (undo: Undo) => void;
  /** Told that a statement was refused. */
  readonly failed: () => void;
}

/** Rows of one table by key, unique rules and indexes. Every change can be undone, newest first. */
export class MemoryTable<Model> {
  readonly table: Table<Model>;
  readonly #neighbours: Neighbours;
  readonly #fields: readonly Field<Model>[];
  readonly #rows = new Map<string, Model>();
  readonly #uniques: readonly UniqueIndex<Model>[];
  readonly #indexes = new Map<Field<Model>, Map<unknown, Set<string>>>();
  /** Keys of the rows that may be forgotten, in the order in which they became so. */
  readonly #finished = new Set<string>();
  #lastNumber = 0;

  constructor(table: Table<Model>, neighbours: Neighbours) {
    this.table = table;
    this.#neighbours = neighbours;
    this.#fields = fieldsOf(table);
    const identity = table.identity === undefined ? [] : [{ fields: [table.identity] }];
    const rules = [...(table.uniques ?? []), ...identity];
    this.#uniques = rules.map((rule) => ({ rule, keys: new Map() }));
    for (const field of table.indexes ?? []) this.#indexes.set(field, new Map());
  }

  get size(): number {
    return this.#rows.size;
  }

  get finished(): number {
    return this.#finished.size;
  }

  all(): Iterable<Model> {
    return this.#rows.values();
  }

  has(key: unknown): boolean {
    return this.#rows.has(keyText([key]));
  }

  /** Rows that may have this value: exactly they where there is an index, else all. */
  candidates(field: Field<Model>, value: unknown): Iterable<Model> {
    const { key } = this.table;
    if (key.length === 1 && key[0] === field) return present(this.#rows.get(keyText([value])));
    const index = this.#indexes.get(field);
    if (index === undefined) return this.all();
    return [...(index.get(value) ?? [])].map((name) => this.#rows.get(name) as Model);
  }

  /** The row with the same values in these fields, which are a unique rule or the key. */
  like(fields: readonly Field<Model>[], row: Partial<Model>): Model | undefined {
    const name = keyText(fields.map((field) => row[field]));
    if (fields === this.table.key) return this.#rows.get(name);
    const index = this.#uniques.find(({ rule }) => sameFields(rule.fields, fields));
    assert(index !== undefined, "rows are recognised by a unique rule");
    const key = index.keys.get(name);
    return key === undefined ? undefined : this.#rows.get(key);
  }

  /**
   * Stores `draft` in place of `before`, or as a new row.
   *
   * @throws StorageError `already_exists`, `conflict`
   */
  store(draft: Partial<Model>, before: Model | undefined): Model {
    const row = this.#complete(draft);
    this.#check(row);
    const key = this.#key(row);
    if (before === undefined && this.#rows.has(key)) throw this.#collision(this.table.key);
    for (const { rule, keys } of this.#uniques) {
      const owner = keys.get(uniqueText(rule, row) ?? "");
      if (owner !== undefined && owner !== key) throw this.#collision(rule.fields);
    }
    this.#set(key, row);
    return row;
  }

  /** @throws StorageError `conflict` when another row refers to it */
  remove(row: Model): void {
    const [id] = this.table.key.map((field) => row[field]);
    if (this.#neighbours.refersTo(this.table.name, id)) {
      throw this.#refusal("conflict", "other rows refer to this one");
    }
    this.#set(this.#key(row), undefined);
  }

  /** Whether a row refers to that one of another table. */
  refersTo(table: string, key: unknown): boolean {
    for (const { field, table: target } of this.table.references ?? []) {
      if (target !== table) continue;
      for (const row of this.candidates(field, key)) if (row[field] === key) return true;
    }
    return false;
  }

  /** Forgets the oldest finished rows beyond `most`, and tells the key of each. Not undone, ever. */
  forget(most: number, forgotten: (key: unknown) => void): void {
    for (const key of this.#finished) {
      if (this.#finished.size <= most) return;
      const row = this.#rows.get(key) as Model;
      this.#replace(key, undefined);
      forgotten(row[this.table.key[0] as Field<Model>]);
    }
  }

  /** Forgets the rows that are parts of that one of another table. */
  forgetPartsOf(table: string, key: unknown): void {
    for (const { field, table: whole, part } of this.table.references ?? []) {
      if (part !== true || whole !== table) continue;
      for (const row of this.candidates(field, key)) {
        if (row[field] === key) this.#replace(this.#key(row), undefined);
      }
    }
  }

  #complete(draft: Partial<Model>): Model {
    const row: Partial<Model> = {};
    for (const field of this.#fields) row[field] = copied(draft[field]) as Model[Field<Model>];
    const { identity, derived } = this.table;
    if (identity !== undefined) {
      row[identity] ??= (this.#lastNumber + 1) as Model[Field<Model>];
      this.#lastNumber = Math.max(this.#lastNumber, Number(row[identity]));
    }
    for (const name of Object.keys(derived ?? {}) as Field<Model>[]) {
      row[name] = derived?.[name]?.(row as Model) as Model[Field<Model>];
    }
    return row as Model;
  }

  #check(row: Model): void {
    const { columns, checks } = this.table;
    for (const field of this.#fields) {
      const column = columns[field];
      const missing = row[field] === undefined && !column.optional;
      if (!missing) assertFits(this.table, field, row[field]);
      if (missing || !column.accepts(row[field])) {
        throw this.#refusal("conflict", `${field} cannot be this`);
      }
    }
    if (checks?.some((check) => !check(row)) === true) {
      throw this.#refusal("conflict", "the row breaks a rule of its table");
    }
    this.#checkReferences(row);
  }

  #checkReferences(row: Model): void {
    const { name, key, references } = this.table;
    for (const { field, table } of references ?? []) {
      const target = row[field];
      const own = table === name && target === row[key[0] as Field<Model>];
      if (target !== undefined && !own && !this.#neighbours.has(table, target)) {
        throw this.#refusal("conflict", `${field} names nothing in ${table}`);
      }
    }
  }

  #collision(fields: readonly Field<Model>[]): StorageError {
    return this.#refusal("already_exists", `there is one with the same ${fields.join(", ")}`);
  }

  /** A failed statement: its unit of work cannot go on, as in a database. */
  #refusal(code: StorageCode, message: string): StorageError {
    this.#neighbours.failed();
    return new StorageError(code, `${this.table.name}: ${message}`);
  }

  #set(key: string, row: Model | undefined): void {
    const before = this.#rows.get(key);
    this.#replace(key, row);
    this.#neighbours.changed(() => this.#replace(key, before));
  }

  #replace(key: string, row: Model | undefined): void {
    const before = this.#rows.get(key);
    if (before !== undefined) this.#unlink(key, before);
    if (row === undefined) {
      this.#rows.delete(key);
      this.#finished.delete(key);
      return;
    }
    this.#rows.set(key, row);
    this.#link(key, row);
    if (this.table.finished?.(row) === true) this.#finished.add(key);
    else this.#finished.delete(key);
  }

  #link(key: string, row: Model): void {
    for (const { rule, keys } of this.#uniques) {
      const name = uniqueText(rule, row);
      if (name !== undefined) keys.set(name, key);
    }
    for (const [field, index] of this.#indexes) linked(index, row[field]).add(key);
  }

  #unlink(key: string, row: Model): void {
    for (const { rule, keys } of this.#uniques) {
      const name = uniqueText(rule, row);
      if (name !== undefined) keys.delete(name);
    }
    for (const [field, index] of this.#indexes) {
      const names = index.get(row[field]);
      names?.delete(key);
      if (names?.size === 0) index.delete(row[field]);
    }
  }

  #key(row: Model): string {
    return keyText(this.table.key.map((field) => row[field]));
  }
}

interface UniqueIndex<Model> {
  readonly rule: Unique<Model>;
  /** Key of the row by the values of the rule's fields. */
  readonly keys: Map<string, string>;
}

/** `undefined` when the rule is not about the row. */
function uniqueText<Model>(rule: Unique<Model>, row: Model): string | undefined {
  const values = rule.fields.map((field) => row[field]);
  if (values.includes(undefined as never) || rule.where?.(row) === false) return undefined;
  return keyText(values);
}

function keyText(values: readonly unknown[]): string {
  return values.length === 1 ? String(values[0]) : JSON.stringify(values.map(String));
}

function sameFields(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((field, i) => field === others[i]);
}

function linked<Key>(index: Map<Key, Set<string>>, key: Key): Set<string> {
  const names = index.get(key) ?? new Set();
  index.set(key, names);
  return names;
}

function present<Item>(item: Item | undefined): Item[] {
  return item === undefined ? [] : [item];
}

/** Kept by value: what the caller does to its own object later must not reach the store. */
function copied(value: unknown): unknown {
  if (value instanceof Uint8Array) return value.slice();
  return typeof value === "object" && value !== null ? frozen(structuredClone(value)) : value;
}

function frozen<Value extends object>(value: Value): Value {
  for (const inner of Object.values(value)) {
    if (typeof inner === "object" && inner !== null) frozen(inner);
  }
  return Object.freeze(value);
}
