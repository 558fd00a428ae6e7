export { Auditor } from "./auditor.ts";
export type { Invariant, Violation } from "./auditor-report.ts";
export { auditVenue } from "./auditor-venue.ts";
export { seededRandom } from "./random.ts";
export { RandomCommands } from "./random-commands.ts";
export { type Settle, VirtualClock } from "./virtual-clock.ts";
