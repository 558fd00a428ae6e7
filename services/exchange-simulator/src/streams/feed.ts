import type { EventStream } from "./event-stream.ts";

/** What a client that can't resume sees first. */
export interface Opening {
  readonly type: string;
  /** Of the last event that it includes. */
  readonly sequence: number;
  readonly data: unknown;
}

/** A stream to follow, and how to begin. */
export interface Feed<Fact = unknown> {
  readonly stream: EventStream<Fact>;
  /**
   * The state that the next events change, read now and durable once it resolves. A feed without one
   * begins with its next event.
   *
   * @param depth most price levels of a side, for a book
   */
  opening?(depth?: number): Promise<Opening>;
}
