import { type FileReport, fileChunks, readCandleColumns } from "@tse/market-data-simulator";
import { type CandleRefusal, type Candles, regularCandles } from "@tse/market-statistics";
import { Refused } from "../refused.ts";

/** More than this share of missing minutes: the candles are of another length, or no series. */
const FILLED_MAX = 0.2;
/** Problems that are told one by one. */
const TOLD = 5;

export interface CandleSeries {
  readonly candles: Candles;
  /** Missing minutes that were filled with flat candles. */
  readonly filled: number;
}

/**
 * One symbol's 1-minute candles from a CSV file, packed or not, in any layout that an import takes.
 *
 * @throws Refused naming line, field and rule of what is wrong; the system's own error
 */
export async function readCandleFile(path: string): Promise<CandleSeries> {
  const file = await readCandleColumns(fileChunks(path)).catch((cause: Error) => {
    if ("syscall" in cause) throw cause;
    throw new Refused(`${path}: can't be unpacked: ${cause.message}`, { cause });
  });
  if (file.status === "refused") throw new Refused(told(path, file.report));
  const { time, ...columns } = file.candles;
  const read: Candles = { ts: time.map((microseconds) => microseconds / 1000), ...columns };
  const regular = regularCandles(read);
  if (regular.status === "refused")
    throw new Refused(`${path}: ${sentence(regular.refusal, read)}`);
  const { candles, filled } = regular;
  if (filled > FILLED_MAX * candles.ts.length) {
    const share = Math.round((filled / candles.ts.length) * 100);
    throw new Refused(
      `${path}: ts: ${share} % of minutes are missing: candles of 1 minute are wanted`,
    );
  }
  return { candles, filled };
}

function told(path: string, { failure, problems, badRows, kind }: FileReport): string {
  if (failure !== undefined) return `${path}: ${failed(failure)}`;
  if (problems.length === 0) return `${path}: holds ${kind.toLowerCase()}, not candles`;
  const lines = problems.slice(0, TOLD).map(({ line, field, rule, value }) => {
    const found = value === undefined ? "" : `, not "${value}"`;
    return `${path}: line ${line}: ${field} ${rule}${found}`;
  });
  const others = badRows - TOLD;
  return [...lines, ...(others > 0 ? [`and ${others} more rows are bad`] : [])].join("\n");
}

function failed(failure: NonNullable<FileReport["failure"]>): string {
  switch (failure.code) {
    case "file_too_large":
      return `is larger than ${failure.bytes} bytes`;
    case "too_many_rows":
      return `has more than ${failure.rows} rows`;
    case "no_rows":
      return "has no rows";
    default:
      return `line ${failure.problem.line}: ${failure.problem.field} ${failure.problem.rule}`;
  }
}

function sentence(refusal: CandleRefusal, { ts }: Candles): string {
  if (refusal.code === "unequal_columns") return `${refusal.field} has another number of rows`;
  const { at } = refusal;
  const place = `candle ${at + 1} (${new Date(ts[at] as number).toISOString()})`;
  switch (refusal.code) {
    case "off_grid":
      return `${place}: ts is a whole minute`;
    case "gap_too_long":
      return `${place}: ts: ${refusal.minutes} minutes are missing before it; at most 240 are filled`;
    case "not_ascending":
      return `${place}: ts is after that of the candle before`;
    default:
      return `${place}: ${refusal.field} is out of range`;
  }
}
