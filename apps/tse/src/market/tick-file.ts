import { csvRecords, fileChunks, timeOf, UnreadableFile } from "@tse/market-data-simulator";
import {
  TAPE_COLUMNS,
  TAPE_RULES,
  type Tape,
  type TapeFault,
  tapeFault,
} from "@tse/market-statistics";
import { Refused } from "../refused.ts";

/** Problems that are told one by one. */
const TOLD = 5;
/** A day of a busy market. */
const TRADES_MAX = 5_000_000;

const SIDES: Readonly<Record<string, number>> = { buy: 1, sell: -1 };
const DECIMAL = /^\d+(\.\d+)?(e[+-]?\d+)?$/i;

type Field = (typeof TAPE_COLUMNS)[number];

/** Whether a CSV file's header says that it holds trades, and not candles. `false` for what can't be read. */
export async function isTickFile(path: string): Promise<boolean> {
  try {
    for await (const { values } of csvRecords(fileChunks(path))) {
      const names = values.map((name) => name.toLowerCase());
      const isTrade = ["side", "bid", "ask"].some((name) => names.includes(name));
      return isTrade && !names.includes("open");
    }
  } catch (error) {
    if (error instanceof Error && "syscall" in error) throw error;
  }
  return false;
}

/**
 * One symbol's trades with the quote before each, from a CSV file, packed or not, with the columns that
 * `market simulate --ticks` writes, in any order, others beside them. Times are in seconds, milliseconds or
 * microseconds by their size, or ISO 8601.
 *
 * @throws Refused naming line, field and rule of what is wrong; the system's own error
 */
export async function readTickFile(path: string): Promise<Tape> {
  const reader = new TapeReader(path);
  try {
    for await (const { line, values } of csvRecords(fileChunks(path))) reader.take(line, values);
  } catch (error) {
    throw refusal(path, error);
  }
  return reader.tape();
}

function refusal(path: string, error: unknown): unknown {
  if (error instanceof Refused || !(error instanceof Error) || "syscall" in error) return error;
  return error instanceof UnreadableFile
    ? new Refused(`${path}: line ${error.line}: row ${error.message}`, { cause: error })
    : new Refused(`${path}: can't be unpacked: ${error.message}`, { cause: error });
}

class TapeReader {
  readonly #path: string;
  readonly #columns = TAPE_COLUMNS.map((): number[] => []);
  /** Of each trade. */
  readonly #lines: number[] = [];
  readonly #problems: string[] = [];
  #badRows = 0;
  #places: readonly number[] | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  take(line: number, values: readonly string[]): void {
    if (this.#places === undefined) this.#places = this.#placesIn(line, values);
    else this.#trade(line, values, this.#places);
  }

  /** @throws Refused */
  tape(): Tape {
    const others = this.#badRows - TOLD;
    const more = others > 0 ? [`and ${others} more rows are bad`] : [];
    if (this.#badRows > 0) throw new Refused([...this.#problems, ...more].join("\n"));
    if (this.#lines.length === 0) throw new Refused(`${this.#path}: has no trades`);
    const columns = TAPE_COLUMNS.map((name, i) => [
      name,
      Float64Array.from(this.#columns[i] ?? []),
    ]);
    const tape = Object.fromEntries(columns) as Record<Field, Float64Array>;
    const fault = tapeFault(tape);
    if (fault !== undefined) throw new Refused(this.#sentence(fault));
    return tape;
  }

  #placesIn(line: number, values: readonly string[]): readonly number[] {
    const names = values.map((name) => name.toLowerCase());
    const missing = TAPE_COLUMNS.filter((name) => !names.includes(name));
    if (missing.length > 0) {
      throw new Refused(
        `${this.#path}: line ${line}: ${missing.join(", ")} missing: a file of trades has ${TAPE_COLUMNS.join(", ")}`,
      );
    }
    return TAPE_COLUMNS.map((name) => names.indexOf(name));
  }

  #trade(line: number, values: readonly string[], places: readonly number[]): void {
    if (this.#lines.length >= TRADES_MAX) {
      throw new Refused(`${this.#path}: has more than ${TRADES_MAX} trades`);
    }
    this.#lines.push(line);
    let problem: string | undefined;
    for (const [i, field] of TAPE_COLUMNS.entries()) {
      const text = values[places[i] as number] ?? "";
      const value = cellValue(field, text);
      this.#columns[i]?.push(value ?? Number.NaN);
      if (value === undefined) {
        problem ??= `${this.#path}: line ${line}: ${field} ${RULES[field]}, not "${text.slice(0, 40)}"`;
      }
    }
    if (problem === undefined) return;
    this.#badRows += 1;
    if (this.#problems.length < TOLD) this.#problems.push(problem);
  }

  #sentence(fault: TapeFault): string {
    if (fault.code === "unequal_columns") return `${this.#path}: ${fault.field} has other rows`;
    const { at, field, code } = fault;
    return `${this.#path}: line ${this.#lines[at]}: ${field} ${TAPE_RULES[code]}`;
  }
}

const NUMBER = "is a number from 0";
const QUOTE = "is a number from 0, or empty where a side had no order";
const RULES: Readonly<Record<Field, string>> = {
  time: "is a time since 1970 in milliseconds, or ISO 8601",
  price: NUMBER,
  qty: NUMBER,
  side: "is buy or sell",
  bid: QUOTE,
  ask: QUOTE,
  bid_qty: QUOTE,
  ask_qty: QUOTE,
};

/** `undefined` for a text that is none; NaN for a quote that is not there. */
function cellValue(field: Field, text: string): number | undefined {
  if (field === "time") {
    const microseconds = timeOf(text);
    return microseconds === undefined ? undefined : microseconds / 1000;
  }
  if (field === "side") return SIDES[text.toLowerCase()];
  if (text === "" && RULES[field] === QUOTE) return Number.NaN;
  return DECIMAL.test(text) ? Number(text) : undefined;
}
