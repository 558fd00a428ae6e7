import { pipeline, Readable } from "node:stream";
import { CsvError, type Info, parse } from "csv-parse";
import { type Chunks, LONGEST_RECORD, type RawRecord, UnreadableFile } from "./raw-record.ts";

/**
 * The records of a file of values separated by comma, semicolon or tab, quoted or not; blank lines are
 * left out. Streams: holds a few records at a time.
 *
 * @throws UnreadableFile for a quote that isn't closed and a record that is too long; whatever `chunks` throws
 */
export async function* csvRecords(chunks: Chunks): AsyncGenerator<RawRecord> {
  const parser = parse({
    bom: true,
    delimiter: [",", ";", "\t"],
    info: true,
    max_record_size: LONGEST_RECORD,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    trim: true,
  });
  // The parser is destroyed with what went wrong in front of it, and so throws it below.
  const source = Readable.from(chunks, { objectMode: false });
  pipeline(source, parser, () => {});
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      yield { line: info.lines, values: record };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const place = { line: parser.info.lines, rule: ruleOf(error) };
    throw new UnreadableFile(place, { cause: error });
  }
}

interface Parsed {
  readonly record: readonly string[];
  readonly info: Info;
}

function ruleOf({ code }: CsvError): string {
  if (code === "CSV_MAX_RECORD_SIZE") return `has at most ${LONGEST_RECORD} characters`;
  return code === "CSV_QUOTE_NOT_CLOSED" ? "closes its quotes" : "is a record of values";
}
