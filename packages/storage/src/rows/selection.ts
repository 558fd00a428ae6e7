import type { Field, Sort } from "./table.ts";

type Comparison = "=" | "<>" | ">" | ">=" | "<" | "<=";

/** What a row has to fulfil. Compared as the column compares; an absent value fulfils nothing. */
export type Condition<Model> =
  | { readonly field: Field<Model>; readonly is: Comparison; readonly value: unknown }
  | { readonly field: Field<Model>; readonly in: readonly unknown[] }
  | { readonly field: Field<Model>; readonly absent: boolean }
  | { readonly either: readonly Condition<Model>[] };

/** The position of a row in a list: the values of what the list is sorted by. */
export type Position = readonly unknown[];

export interface Selection<Model> {
  readonly where?: readonly Condition<Model>[];
  /** Ends with the key where the order has to be total; all one way. */
  readonly sort?: readonly Sort<Model>[];
  /** Only rows behind this one. */
  readonly behind?: Position;
  readonly offset?: number;
  readonly limit?: number;
  /** Keeps the rows from every other unit of work until this one ends, passing over rows so kept. */
  readonly claim?: boolean;
}

export function equal<Model>(field: Field<Model>): (value: unknown) => Condition<Model> {
  return (value) => ({ field, is: "=", value });
}

/** Strictly greater. */
export function above<Model>(field: Field<Model>): (value: unknown) => Condition<Model> {
  return (value) => ({ field, is: ">", value });
}

/** Strictly less. */
export function below<Model>(field: Field<Model>): (value: unknown) => Condition<Model> {
  return (value) => ({ field, is: "<", value });
}

export function atLeast<Model>(field: Field<Model>): (value: unknown) => Condition<Model> {
  return (value) => ({ field, is: ">=", value });
}

export function noMoreThan<Model>(field: Field<Model>): (value: unknown) => Condition<Model> {
  return (value) => ({ field, is: "<=", value });
}

/** One value or any of several. */
export function among<Model>(field: Field<Model>): (value: unknown) => Condition<Model> {
  return (value) => ({ field, in: Array.isArray(value) ? value : [value] });
}

/** Equal in one of several fields. */
export function inEither<Model>(
  ...fields: readonly Field<Model>[]
): (value: unknown) => Condition<Model> {
  return (value) => ({ either: fields.map((field) => ({ field, is: "=", value })) });
}
