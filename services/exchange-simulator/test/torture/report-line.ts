import type { CycleReport } from "./torture-summary.ts";

/** A cycle in one line, for who waits. */
export function lineOf(report: CycleReport): string {
  const { cycle, acknowledged, inFlight, startMs, tail, again, isStored, findings } = report;
  const struck = `${acknowledged} acknowledged, ${inFlight} in flight`;
  const back = `back after ${Math.round(startMs)} ms with ${tail.commands} commands`;
  const compared = isStored ? ", SQL compared" : "";
  const found = findings.length === 0 ? "nothing found" : `\n  ${findings.join("\n  ")}`;
  return `cycle ${cycle}: ${struck}, ${back}, ${again.sent} sent again${compared}: ${found}`;
}
