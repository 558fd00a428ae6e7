import type { Random } from "@tse/domain";
import type { Span } from "./definition.ts";

export const lowOf = (span: Span): number => (typeof span === "number" ? span : span[0]);
export const highOf = (span: Span): number => (typeof span === "number" ? span : span[1]);

/**
 * Draws values of spans by name. A value depends on the stream and its name only, so that a span added to a
 * scenario changes no other's value.
 */
export class SpanDraw {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Uniform over the span. */
  value(name: string, span: Span): number {
    const [low, high] = [lowOf(span), highOf(span)];
    return low === high ? low : low + (high - low) * this.#random.fork(name).next();
  }

  /** Whole microseconds, stretched by `factor`. */
  time(name: string, span: Span, factor: number): number {
    return Math.round(this.value(name, span) * factor);
  }
}
