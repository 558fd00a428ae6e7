import { seededRandom } from "@tse/simulation";
import { MemoryDatasetShelf } from "../../src/modes/dataset-shelf.ts";
import type { DatasetRef, ReplayTerms } from "../../src/modes/mode-terms.ts";

/** Monday, 4 March 2024. */
export const OLD = Date.UTC(2024, 2, 4) * 1_000;
export const MINUTES_A_DAY = 1_440;

const MINUTE = 60_000_000;

interface Row {
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** Candles of a minute from `OLD` on, which wander from `start`. */
export function candleRows(count: number, start = 60_000, seed = 7): readonly Row[] {
  const random = seededRandom(seed);
  let price = start;
  return Array.from({ length: count }, (_, minute) => {
    const open = price;
    const close = round(open * Math.exp(0.0005 * random.normal()));
    const wide = 1 + 0.0003 * random.next();
    const high = round(Math.max(open, close) * wide);
    const low = round(Math.min(open, close) / wide);
    price = close;
    const volume = Math.round(1e4 * random.next()) / 1e3;
    return { time: OLD + minute * MINUTE, open, high, low, close, volume };
  });
}

/** As `POST /admin/datasets` takes it. */
export function csvOf(rows: readonly Row[]): string {
  const lines = rows.map(({ time, open, high, low, close, volume }) =>
    [time / 1_000, open, high, low, close, volume].join(","),
  );
  return ["timestamp,open,high,low,close,volume", ...lines].join("\n");
}

export function refOf(name: string): DatasetRef {
  return { name, checksum: `checksum-of-${name}` };
}

export const replayOf = (name: string, more: Partial<ReplayTerms> = {}): ReplayTerms => ({
  mode: "replay",
  id: `${name}-1`,
  dataset: refOf(name),
  speed: 1,
  from: OLD as ReplayTerms["from"],
  loop: false,
  align: "rebase",
  ...more,
});

/** A shelf with a data set of minutes for each name. */
export function shelfOf(sets: Readonly<Record<string, readonly Row[]>>): MemoryDatasetShelf {
  const shelf = new MemoryDatasetShelf();
  for (const [name, rows] of Object.entries(sets)) {
    const column = (of: keyof Row) => Float64Array.from(rows, (row) => row[of]);
    shelf.put({
      ...refOf(name),
      symbol: "BTC/USD",
      kind: "CANDLES",
      interval: "1m",
      candles: {
        time: column("time"),
        open: column("open"),
        high: column("high"),
        low: column("low"),
        close: column("close"),
        volume: column("volume"),
      },
    });
  }
  return shelf;
}

function round(price: number): number {
  return Math.round(price * 100) / 100;
}
