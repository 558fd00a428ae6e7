import { type Duration, duration } from "@tse/domain";
import { durationText, integer, oneOf, setting } from "@tse/service-kit";

const seconds = (count: number): Duration => duration(count * 1_000_000);

/** What keeps the world: its journal. */
export const JOURNAL_SETTINGS = {
  journal: setting<"file" | "memory">({
    env: "JOURNAL",
    flag: "journal",
    parser: oneOf("file", "memory"),
    default: "file",
    about: "file: what was acknowledged survives; memory: the world ends with the process",
  }),
  journalMaxBytes: setting({
    env: "JOURNAL_MAX_BYTES",
    parser: integer(100_000_000, 10_000_000_000_000),
    default: 10_000_000_000,
    about: "bytes beyond which old segments of the journal are released early, and it is said so",
  }),
  journalRetain: setting<"needed" | "all">({
    env: "JOURNAL_RETAIN",
    parser: oneOf("needed", "all"),
    default: "needed",
    about: "all keeps every segment of the journal; needed lets those go that nothing needs",
  }),
  snapshotCommands: setting({
    env: "SNAPSHOT_COMMANDS",
    parser: integer(1, 1_000_000_000),
    default: 100_000,
    about: "commands after which the venue's state is written out",
  }),
  snapshotInterval: setting({
    env: "SNAPSHOT_INTERVAL",
    parser: durationText("1s"),
    default: seconds(60),
    about: "time after which the venue's state is written out, when there were commands",
  }),
} as const;
