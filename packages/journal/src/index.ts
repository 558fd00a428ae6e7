export {
  type CommandLog,
  type IdempotentRequest,
  JournalFull,
  JournalUnavailable,
  type LogEntry,
  type Origin,
} from "./command-log.ts";
export { DirectoryInUse, type DirectoryLock, lockDirectory } from "./directory-lock.ts";
export type { Disk, DiskAccess, DiskFile } from "./disk.ts";
export { type ExportRange, exportJournal } from "./export-journal.ts";
export { FileCommandLog, type FileCommandLogOptions } from "./file-command-log.ts";
export { FileCommandReader } from "./file-command-reader.ts";
export { FileSnapshotStore } from "./file-snapshot-store.ts";
export { inspectJournal, type JournalReport, type SegmentReport } from "./inspect-journal.ts";
export { JournalCorrupt, JournalVersionUnsupported } from "./journal-errors.ts";
export { MemoryCommandLog } from "./memory-command-log.ts";
export { NodeDisk } from "./node-disk.ts";
export type { Snapshot, SnapshotStore } from "./snapshot-store.ts";
export { type Verification, type VerifyProgress, verifyJournal } from "./verify-journal.ts";
