export { type CommandLog, JournalUnavailable, type LogEntry, type Origin } from "./command-log.ts";
export { MemoryCommandLog } from "./memory-command-log.ts";
