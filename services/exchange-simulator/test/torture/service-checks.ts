import { setTimeout as pause } from "node:timers/promises";
import type { Sequence } from "@tse/domain";
import type { Connection } from "./connection.ts";
import type { JournalReplay } from "./journal-replay.ts";

const LOOK_EVERY_MS = 50;

/** What `GET /admin/storage` says. */
interface StorageStatus {
  readonly sequence: number;
  readonly projection: {
    readonly state: string;
    readonly position: number;
    readonly lagUnits: number;
  };
  readonly backends: readonly { readonly backend: string; readonly condition: string }[];
}

/** Whether history can be written and read. */
export function isOpen({ projection, backends }: StorageStatus): boolean {
  return (
    projection.state === "running" && backends.every(({ condition }) => condition !== "degraded")
  );
}

/** Looks until `holds` is true of what it sees. @throws after `limitMs`, with what it saw last */
export async function untilStorage(
  admin: Connection,
  holds: (status: StorageStatus) => boolean,
  limitMs = 120_000,
): Promise<StorageStatus> {
  const end = performance.now() + limitMs;
  for (;;) {
    const status = await admin.ask<StorageStatus>("GET", "/admin/storage");
    if (holds(status)) return status;
    if (performance.now() > end) throw new Error(`storage stays at ${JSON.stringify(status)}`);
    await pause(LOOK_EVERY_MS);
  }
}

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

/** Whether what is stored in SQL, once that has caught up, is what memory holds. */
export async function checkStorage(admin: Connection): Promise<string[]> {
  const { holds, ...found } = await admin.ask<{ readonly holds: boolean }>(
    "POST",
    "/admin/storage/verify",
  );
  return holds ? [] : [`SQL differs from memory: ${JSON.stringify(found)}`];
}
