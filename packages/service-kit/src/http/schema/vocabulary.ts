import { z } from "zod";

/** What the API description says of a schema beside its type. */
export interface Meaning {
  /** Names a component that others refer to. */
  readonly id?: string;
  readonly description?: string;
  readonly examples?: unknown[];
  readonly [keyword: string]: unknown;
}

/** Whole requests to copy, by name. A schema that turns text into other things can't have `examples`. */
export function requests(named: Readonly<Record<string, unknown>>): Meaning {
  const entries = Object.entries(named).map(([name, value]) => [name, { value }]);
  return { "x-examples": Object.fromEntries(entries) };
}

/** The meanings of this protocol's schemas. Its own registry: another listener's are none of its business. */
export const vocabulary = z.registry<Meaning>();
