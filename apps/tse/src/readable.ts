const COUNT = new Intl.NumberFormat("en-US");
const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** `1,234,567` */
export function countText(count: number): string {
  return COUNT.format(count);
}

/** `67.1 MB`: a thousand of each unit make the next. */
export function sizeText(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1_000;
    unit += 1;
  }
  const digits = unit === 0 || size >= 100 ? 0 : 1;
  return `${size.toFixed(digits)} ${UNITS[unit]}`;
}

/** One of them, or `s` behind: `1 segment`, `2 segments`. */
export function plural(count: number, thing: string): string {
  return `${countText(count)} ${thing}${count === 1 ? "" : "s"}`;
}

export interface Column {
  readonly title: string;
  /** Figures stand under each other's ends. */
  readonly isFigure?: boolean;
}

/** Rows below their titles, in columns as wide as they need to be; lines end with what is in them. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  indent = "  ",
): string {
  const lines = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => (line[i] ?? "").length)));
  const padded = lines.map((line) =>
    line.map((cell, i) => {
      const width = widths[i] ?? 0;
      return columns[i]?.isFigure === true ? cell.padStart(width) : cell.padEnd(width);
    }),
  );
  return padded.map((line) => `${indent}${line.join("  ").trimEnd()}\n`).join("");
}

/** Names and what they stand for, the second under each other. */
export function facts(rows: readonly (readonly [string, string])[], indent = "  "): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${indent}${name.padEnd(width)}  ${value}\n`).join("");
}

/** One line of JSON; bigints are decimal text. */
export function jsonLine(value: unknown): string {
  const text = JSON.stringify(value, (_key, each: unknown) =>
    typeof each === "bigint" ? String(each) : each,
  );
  return `${text}\n`;
}
