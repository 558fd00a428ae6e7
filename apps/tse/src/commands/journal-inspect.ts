import { basename } from "node:path";
import { dataDirOf } from "@tse/exchange-simulator";
import { inspectJournal, type JournalReport, type SegmentReport } from "@tse/journal";
import { formatTime } from "@tse/service-kit";
import { command } from "../command.ts";
import { countText, facts, jsonLine, sizeText, table } from "../readable.ts";
import { JSON_SETTING, WORLD_SETTINGS } from "../settings.ts";
import { journalIn } from "../world-disk.ts";

/** Shows what a journal is made of, also while its world runs. */
export const journalInspect = command({
  verb: "journal inspect",
  operand: "[DIR]",
  about: "show segments and snapshots, also of a world that runs",
  settings: { ...WORLD_SETTINGS, json: JSON_SETTING },
  async run(config, terminal, operand) {
    const directory = operand || dataDirOf(config);
    const report = await inspectJournal(await journalIn(directory));
    terminal.output.write(config.json ? jsonLine(report) : text(directory, report));
    return 0;
  },
});

function text(directory: string, report: JournalReport): string {
  const { segments, snapshots } = report;
  const parts = [facts(summary(directory, report)), segmentTable(segments)];
  const rows = snapshots.map(({ file, sequence, bytes }) => [
    basename(file),
    countText(sequence),
    sizeText(bytes),
  ]);
  if (rows.length > 0) parts.push(table(SNAPSHOT_COLUMNS, rows));
  return `\n${parts.join("\n")}\n`;
}

function summary(directory: string, { segments }: JournalReport): (readonly [string, string])[] {
  const used = segments.filter(({ firstSequence }) => firstSequence > 0);
  const first = used[0]?.firstSequence ?? 0;
  const last = used.at(-1);
  const total = (of: (segment: SegmentReport) => number) =>
    segments.reduce((sum, segment) => sum + of(segment), 0);
  const isEmpty = last === undefined || last.lastSequence < first;
  return [
    ["Journal", directory],
    ["Commands", isEmpty ? "none" : `${countText(first)} to ${countText(last.lastSequence)}`],
    ["Last at", isEmpty ? "never" : `${formatTime(last.lastTime)} of world time`],
    [
      "Size",
      `${sizeText(total((each) => each.usedBytes))} of ${sizeText(total((each) => each.bytes))}`,
    ],
  ];
}

function segmentTable(segments: readonly SegmentReport[]): string {
  const rows = segments.map((segment) => {
    const { file, bytes, usedBytes, firstSequence, lastSequence, epoch } = segment;
    const isBlank = firstSequence === 0;
    return [
      basename(file),
      isBlank ? "blank" : countText(firstSequence),
      isBlank ? "" : countText(lastSequence),
      sizeText(usedBytes),
      sizeText(bytes),
      isBlank ? "" : countText(epoch),
      countText(segment.openings),
      countText(segment.closings),
    ];
  });
  return table(SEGMENT_COLUMNS, rows);
}

const SEGMENT_COLUMNS = [
  { title: "Segment" },
  { title: "First", isFigure: true },
  { title: "Last", isFigure: true },
  { title: "Used", isFigure: true },
  { title: "Size", isFigure: true },
  { title: "Epoch", isFigure: true },
  { title: "Opened", isFigure: true },
  { title: "Closed", isFigure: true },
];

const SNAPSHOT_COLUMNS = [
  { title: "Snapshot" },
  { title: "Of command", isFigure: true },
  { title: "Size", isFigure: true },
];
