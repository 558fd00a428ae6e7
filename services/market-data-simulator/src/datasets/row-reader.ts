import { assert, MAX_AMOUNT, type Timestamp, timestamp } from "@tse/domain";
import type { DatasetPoint } from "@tse/market-data-adapter";
import { minorOf, timeOf } from "./cells.ts";
import type { Layout } from "./layout.ts";
import type { RawRecord } from "./raw-record.ts";

/** What is wrong with a row: its field doesn't keep to the rule. */
export interface RowProblem {
  /** Number of the line in the file, from 1. */
  readonly line: number;
  /** `row` when it is no single field. */
  readonly field: string;
  /** What should hold: "is above 0". */
  readonly rule: string;
  /** What stands there instead; at most 40 characters of it. */
  readonly value?: string;
}

export type Row =
  | { readonly status: "good"; readonly point: DatasetPoint }
  | { readonly status: "bad"; readonly problems: readonly RowProblem[] };

const LONGEST_VALUE = 40;
const PRICES = ["open", "high", "low", "close"] as const;

/** Makes points of records, one after the other: each is later than the last good one. */
export class RowReader {
  readonly #layout: Layout;
  #last: Timestamp | undefined;
  /** Time as the file has it of the last good row: where times are shared, less than `#last`. */
  #lastRead: Timestamp | undefined;
  #rounded = 0;

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  /** Figures that had more than 8 places and were rounded to the nearest. */
  get rounded(): number {
    return this.#rounded;
  }

  /** All that is wrong with one row is in its answer, but for the comparisons that a bad figure leaves open. */
  read({ line, values, broken }: RawRecord): Row {
    const { width } = this.#layout;
    if (broken !== undefined) return bad([{ line, field: "row", rule: broken }]);
    if (values.length !== width) {
      const rule = `has ${width} columns, not ${values.length}`;
      return bad([{ line, field: "row", rule }]);
    }
    const cells = new Cells(line, values);
    const at = this.#time(cells);
    const { open, high, low, close } = this.#prices(cells);
    const volume = this.#volume(cells);
    if (cells.problems.length > 0) return bad(cells.problems);

    assert(at !== undefined, "a row without a problem has a time");
    this.#rounded += cells.rounded;
    return { status: "good", point: { at: this.#placed(at), open, high, low, close, volume } };
  }

  #time(cells: Cells): Timestamp | undefined {
    const { time, sharedTimes } = this.#layout;
    const at = cells.time(time);
    const last = this.#lastRead;
    if (at === undefined || last === undefined) return at;
    if (sharedTimes && at < last) {
      cells.refuse("timestamp", "is not before that of the row in front", time);
    } else if (!sharedTimes && at <= last) {
      cells.refuse("timestamp", "is after that of the row in front", time);
    }
    return at;
  }

  /** Remembers the row's time, and puts it behind the last when they are shared. */
  #placed(read: Timestamp): Timestamp {
    const last = this.#last;
    this.#lastRead = read;
    this.#last = last !== undefined && read <= last ? timestamp(last + 1) : read;
    return this.#last;
  }

  #prices(cells: Cells): Pick<DatasetPoint, (typeof PRICES)[number]> {
    const layout = this.#layout;
    if (layout.kind === "TICKS") {
      const price = cells.price("price", layout.close);
      return { open: price, high: price, low: price, close: price };
    }
    const before = cells.problems.length;
    const open = cells.price("open", layout.open);
    const high = cells.price("high", layout.high);
    const low = cells.price("low", layout.low);
    const close = cells.price("close", layout.close);
    if (cells.problems.length > before) return { open, high, low, close };
    if (high < low) cells.refuse("high", "is not below low", layout.high);
    else if (high < open || high < close) {
      cells.refuse("high", "is not below open and close", layout.high);
    } else if (low > open || low > close) {
      cells.refuse("low", "is not above open and close", layout.low);
    }
    return { open, high, low, close };
  }

  #volume(cells: Cells): bigint {
    const { volume } = this.#layout;
    return volume === undefined ? 0n : cells.figure("volume", volume, 0n, "is not below 0");
  }
}

function bad(problems: readonly RowProblem[]): Row {
  return { status: "bad", problems };
}

/** The values of one row, and what is found to be wrong with them. */
class Cells {
  readonly #line: number;
  readonly #values: readonly string[];
  readonly problems: RowProblem[] = [];
  rounded = 0;

  constructor(line: number, values: readonly string[]) {
    this.#line = line;
    this.#values = values;
  }

  time(column: number): Timestamp | undefined {
    const text = this.#text("timestamp", column);
    const at = text === undefined ? undefined : timeOf(text);
    if (text !== undefined && at === undefined) {
      this.refuse("timestamp", "is ISO 8601, or s, ms or us since 1970", column);
    }
    return at;
  }

  price(field: string, column: number): bigint {
    return this.figure(field, column, 1n, "is above 0");
  }

  /** 0 where there is a problem. */
  figure(field: string, column: number, least: bigint, rule: string): bigint {
    const text = this.#text(field, column);
    if (text === undefined) return 0n;
    const minor = minorOf(text);
    if (minor === undefined) this.refuse(field, "is a number", column);
    else if (minor.value === 0n && minor.rounded && least > 0n) {
      this.refuse(field, "is at least 0.00000001", column);
    } else if (minor.value < least) this.refuse(field, rule, column);
    else if (minor.value > MAX_AMOUNT) this.refuse(field, "is below 10^16", column);
    else {
      this.rounded += minor.rounded ? 1 : 0;
      return minor.value;
    }
    return 0n;
  }

  refuse(field: string, rule: string, column: number): void {
    const value = (this.#values[column] ?? "").slice(0, LONGEST_VALUE);
    this.problems.push({ line: this.#line, field, rule, value });
  }

  #text(field: string, column: number): string | undefined {
    const text = this.#values[column] ?? "";
    if (text !== "") return text;
    this.problems.push({ line: this.#line, field, rule: "is there" });
    return undefined;
  }
}
