export {
  type CommandLog,
  type IdempotentRequest,
  JournalUnavailable,
  type LogEntry,
  type Origin,
} from "./command-log.ts";
export { MemoryCommandLog } from "./memory-command-log.ts";
export type { Snapshot, SnapshotStore } from "./snapshot-store.ts";
