import { type Chunks, LONGEST_RECORD, type RawRecord, UnreadableFile } from "./raw-record.ts";

/**
 * The records of a file with one JSON value a line: an array of values, or an object, whose names then
 * come first, as the header that a file of values separated by commas would have. All objects are read
 * by the names of the first. A line that is neither is a broken record.
 *
 * @throws UnreadableFile for a line that is too long; whatever `chunks` throws
 */
export async function* jsonLineRecords(chunks: Chunks): AsyncGenerator<RawRecord> {
  let names: readonly string[] | undefined;
  for await (const { line, text } of lines(chunks)) {
    const value = parsed(text);
    if (Array.isArray(value)) {
      yield { line, values: value.map(textOf) };
    } else if (typeof value === "object" && value !== null) {
      const object = value as Readonly<Record<string, unknown>>;
      if (names === undefined) {
        names = Object.keys(object);
        yield { line, values: names };
      }
      yield { line, values: names.map((name) => textOf(object[name])) };
    } else {
      yield { line, values: [], broken: "is a JSON object or array" };
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** As it would stand in a file of values: a number in JavaScript's shortest form. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value.trim() : value === undefined ? "" : String(value);
}

interface Line {
  readonly line: number;
  readonly text: string;
}

/** Lines that aren't blank. */
async function* lines(chunks: Chunks): AsyncGenerator<Line> {
  const decoder = new TextDecoder();
  let rest = "";
  let line = 0;
  for await (const chunk of chunks) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop() as string;
    for (const text of parts) {
      line += 1;
      if (text.trim() !== "") yield { line, text };
    }
    if (rest.length > LONGEST_RECORD) {
      const rule = `has at most ${LONGEST_RECORD} characters`;
      throw new UnreadableFile({ line: line + 1, rule });
    }
  }
  rest += decoder.decode();
  if (rest.trim() !== "") yield { line: line + 1, text: rest };
}
