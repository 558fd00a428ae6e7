import type { Condition, Selection } from "./selection.ts";
import { columnName, type Field, type Sort, type Table } from "./table.ts";

/** Clauses of one statement, with the values they bind. Identifiers come from the table, never from values. */
export class Statement<Model> {
  readonly values: string[];
  readonly #table: Table<Model>;

  /** @param values bound already, from `$1` on */
  constructor(table: Table<Model>, values: readonly string[] = []) {
    this.#table = table;
    this.values = [...values];
  }

  where(conditions: readonly Condition<Model>[], { sort, behind }: Selection<Model> = {}): string {
    const terms = conditions.map((condition) => this.#condition(condition));
    if (sort !== undefined && behind !== undefined) {
      const columns = sort.map(({ field }) => this.#sortable(field)).join(", ");
      const position = sort.map(({ field }, i) => this.#bind(field, behind[i])).join(", ");
      terms.push(`(${columns}) ${sort[0]?.order === "ASC" ? ">" : "<"} (${position})`);
    }
    return terms.length === 0 ? "" : ` where ${terms.join(" and ")}`;
  }

  order(sort: readonly Sort<Model>[]): string {
    if (sort.length === 0) return "";
    return ` order by ${sort.map(({ field, order }) => `${this.#sortable(field)} ${order}`).join(", ")}`;
  }

  #condition(condition: Condition<Model>): string {
    if ("either" in condition) {
      return `(${condition.either.map((one) => this.#condition(one)).join(" or ")})`;
    }
    const column = this.#column(condition.field);
    if ("absent" in condition) return `${column} is ${condition.absent ? "" : "not "}null`;
    if ("in" in condition) {
      const values = condition.in.filter((value) => this.#possible(condition.field, value));
      if (values.length === 0) return "false";
      return `${column} in (${values.map((value) => this.#bind(condition.field, value)).join(", ")})`;
    }
    if (condition.is === "=" && !this.#possible(condition.field, condition.value)) return "false";
    return `${column} ${condition.is} ${this.#bind(condition.field, condition.value)}`;
  }

  /** What a column cannot hold equals nothing in it: the database would call it an error instead. */
  #possible(field: Field<Model>, value: unknown): boolean {
    return this.#table.columns[field].fits(value as Model[Field<Model>]);
  }

  #bind(field: Field<Model>, value: unknown): string {
    const { type, encode } = this.#table.columns[field];
    this.values.push(encode(value as Model[Field<Model>]));
    return `$${this.values.length}::text::${type}`;
  }

  #column(field: Field<Model>): string {
    return `${this.#table.name}.${columnName(field)}`;
  }

  /** Text sorts by code point on every server, whatever its locale. */
  #sortable(field: Field<Model>): string {
    const { type } = this.#table.columns[field];
    return type === "text" ? `${this.#column(field)} collate "C"` : this.#column(field);
  }
}
