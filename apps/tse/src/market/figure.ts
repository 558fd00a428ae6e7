const MINUS = "−";

/** A number for people, three digits or so: `0.0132`, `1.24`, `−0.087`, `17,100`; `–` where there is none. */
export function figure(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size >= 1_000) return Math.round(value).toLocaleString("en-US").replace("-", MINUS);
  const digits = size === 0 ? 0 : Math.min(Math.max(2 - Math.floor(Math.log10(size)), 0), 4);
  return value.toFixed(digits).replace("-", MINUS);
}

/** A round number without digits that say nothing: `0.5`, `4`, `45,000`, `1.2 M`. */
export function tickText(value: number): string {
  const size = Math.abs(value);
  const [by, unit] = size >= 1e6 ? [1e6, " M"] : size >= 1e5 ? [1e3, " k"] : [1, ""];
  const text = Number((value / by).toPrecision(6)).toLocaleString("en-US", {
    maximumFractionDigits: 6,
  });
  return `${text.replace("-", MINUS)}${unit}`;
}
