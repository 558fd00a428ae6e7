import { z } from "zod";

/** What the API description says of a schema beside its type. */
export interface Meaning {
  /** Names a component that others refer to. */
  readonly id?: string;
  readonly description?: string;
  readonly examples?: unknown[];
  readonly [keyword: string]: unknown;
}

/** The meanings of this protocol's schemas. Its own registry: another listener's are none of its business. */
export const vocabulary = z.registry<Meaning>();
