import type { Connection } from "./connection.ts";
import type { JournalReplay } from "./journal-replay.ts";
import type { Sequence } from "@tse/domain";

/** Whether the venue as it is now is what a replay of its journal gives. */
export async function checkReplay(admin: Connection, replay: JournalReplay): Promise<string[]> {
  const { sequence, stateHash } = await admin.ask<{
    readonly sequence: Sequence;
    readonly stateHash: string;
  }>("GET", "/admin/state");
  const from = replay.sequence;
  try {
    const hash = await replay.hashAt(sequence);
    if (hash === stateHash) return [];
    return [`the state of ${sequence} has the hash ${stateHash}, its replay from ${from} ${hash}`];
  } catch (error) {
    return [`the journal can't be repeated from ${from} to ${sequence}: ${error}`];
  }
}

/** Whether the venue's own audit finds nothing. */
export async function checkInvariants(admin: Connection): Promise<string[]> {
  const { holds, violations } = await admin.ask<{
    readonly holds: boolean;
    readonly violations: unknown;
  }>("GET", "/admin/invariants");
  return holds ? [] : [`broken invariants: ${JSON.stringify(violations)}`];
}

/** Whether what is stored in SQL, once it has caught up, is what memory holds. */
export async function checkStorage(admin: Connection): Promise<string[]> {
  const { holds, ...found } = await admin.ask<{ readonly holds: boolean }>(
    "POST",
    "/admin/storage/verify",
  );
  return holds ? [] : [`SQL differs from memory: ${JSON.stringify(found)}`];
}
