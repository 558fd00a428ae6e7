import { CST, Lexer } from "yaml";

/** Bytes of the longest scenario that is read: four times the longest that ships. */
export const LONGEST_TEXT = 32 * 1024;
/** Values, marks (brackets, commas, dashes, colons, …), escapes and lines in a text: a point of a path has seven. */
const MOST_PARTS = 8_000;
/** Levels of lists and maps in one another: the format needs six. */
const DEEPEST = 20;

/** The bound that a text breaks, and where it does, in UTF-16 units from 0. */
export interface BrokenBound {
  readonly at: number;
  readonly rule: string;
}

/** `null` for what is no part of YAML. */
type Part = CST.TokenType | null;

const OPENING: readonly Part[] = ["flow-map-start", "flow-seq-start"];
const CLOSING: readonly Part[] = ["flow-map-end", "flow-seq-end"];
const INDICATORS: readonly Part[] = ["seq-item-ind", "explicit-key-ind", "map-value-ind"];
/** What the lexer adds to the text that it takes apart. */
const ADDED: readonly Part[] = ["doc-mode", "flow-error-end", "scalar"];

/**
 * Refuses texts that a parser would spend long on, or its whole stack, before one sees them: takes the text apart
 * without building anything, in time proportional to its length. A text within the bounds is read, or
 * found at fault, in some tens of milliseconds.
 */
export function brokenBound(text: string): BrokenBound | undefined {
  if (Buffer.byteLength(text) > LONGEST_TEXT) {
    return { at: 0, rule: `a scenario has at most ${LONGEST_TEXT / 1024} KiB` };
  }
  const measure = new Measure();
  let at = 0;
  let isScalar = false;
  for (const lexeme of new Lexer().lex(text)) {
    const type: Part = isScalar ? "scalar" : CST.tokenType(lexeme);
    const isAdded: boolean = !isScalar && ADDED.includes(type);
    isScalar = type === "scalar" && isAdded;
    const rule = isAdded ? undefined : measure.add(type, lexeme);
    if (rule !== undefined) return { at, rule };
    if (!isAdded) at += lexeme.length;
  }
  return undefined;
}

/** How much of a text there is so far. */
class Measure {
  #parts = 0;
  /** Open brackets. */
  #brackets = 0;
  /** Marks of lists and maps on this line, each of which may begin a level. */
  #marks = 0;

  /** @returns the rule that is broken with this part */
  add(type: Part, lexeme: string): string | undefined {
    if (type === "newline") this.#marks = 0;
    if (type !== "space") this.#parts += 1;
    if (type === "double-quoted-scalar") this.#parts += lexeme.split("\\").length - 1;
    if (OPENING.includes(type)) this.#brackets += 1;
    if (CLOSING.includes(type)) this.#brackets = Math.max(0, this.#brackets - 1);
    if (INDICATORS.includes(type) && this.#brackets === 0) this.#marks += 1;
    if (this.#brackets > DEEPEST || this.#marks > DEEPEST) return `at most ${DEEPEST} levels deep`;
    return this.#parts > MOST_PARTS ? `at most ${MOST_PARTS} values, marks and lines` : undefined;
  }
}
