/** Bytes of a file, as they come. */
export type Chunks = AsyncIterable<Uint8Array>;

/** One record of a file, in columns, before anything is made of them. */
export interface RawRecord {
  /** Number of its line, from 1: the last one, for a record of several. */
  readonly line: number;
  readonly values: readonly string[];
  /** Why it has no values, as a rule that it breaks. */
  readonly broken?: string;
}

/** Most characters that a record has: more is no record but a file of another kind. */
export const LONGEST_RECORD = 16_384;

/** Thrown where a file can't be read on, so that nothing behind the line is known. */
export class UnreadableFile extends Error {
  override name = "UnreadableFile";
  readonly line: number;

  /** @param place the line, and the rule that it breaks, which becomes the message */
  constructor(place: { readonly line: number; readonly rule: string }, options?: ErrorOptions) {
    super(place.rule, options);
    this.line = place.line;
  }
}
