/**
 * Prometheus' text as OpenMetrics: a counter's family is named without `_total`, there are no empty
 * lines, and the end is marked. Done on the text because the library's own conversion renames the
 * metrics for good.
 */
export function toOpenMetrics(text: string): string {
  const lines = text.split("\n").filter((line) => line !== "");
  const counters = new Set<string>();
  for (const line of lines) {
    const name = /^# TYPE (\S+)_total counter$/.exec(line)?.[1];
    if (name !== undefined) counters.add(name);
  }
  const renamed = lines.map((line) => {
    const [, start, name, rest] = /^(# (?:HELP|TYPE) )(\S+)_total( .*)$/.exec(line) ?? [];
    return name !== undefined && counters.has(name) ? `${start}${name}${rest}` : line;
  });
  return `${renamed.join("\n")}\n# EOF\n`;
}
