import { type Sequence, type Timestamp, timestamp } from "@tse/domain";
import type { ExchangeDataAdapter } from "@tse/exchange-data-adapter";
import type { CommandLog, SnapshotStore } from "@tse/journal";
import { StorageError } from "@tse/storage";
import { newVenue, restoredVenue } from "../genesis.ts";
import { keptReplyOf } from "../idempotency/kept-reply.ts";
import { type ExchangeState, readState } from "../recovery/exchange-views.ts";
import { Follower } from "./follower.ts";
import { PROJECTION, type ProjectionStep, Projector } from "./projector.ts";
import { RowFold } from "./row-fold.ts";

export interface ProjectionSources {
  readonly log: Pick<CommandLog, "read">;
  /** First entry that the journal still has, and the last when this starts. */
  readonly firstSequence: Sequence;
  readonly lastSequence: Sequence;
  /** Whether the whole past is wanted where the journal has it, and not only what is yet to come. */
  readonly fromTheStart: boolean;
  /** Where there are files. */
  readonly snapshots: Pick<SnapshotStore, "newest"> | undefined;
  readonly adapter: ExchangeDataAdapter;
  readonly worldId: string;
  /** See `Projector`. */
  readonly paceMs: number;
  readonly onStep: (step: ProjectionStep) => void;
  readonly onFailure: (error: StorageError) => void;
  readonly available: (attempt: number) => Promise<void>;
}

/**
 * Goes on with the projection from where SQL says it stands.
 *
 * @throws StorageError `storage_conflict` when the database is of another world or another time of this
 * one, saying how to go on; `storage_unavailable` when it can't be asked
 */
export async function startProjector(sources: ProjectionSources): Promise<Projector> {
  const { adapter, worldId, lastSequence } = sources;
  const known = await adapter.projectionRepository.get(PROJECTION);
  const position = (known?.lastSequence ?? 0) as Sequence;
  if (known !== undefined && known.worldId !== worldId) throw otherWorld(lastSequence);
  if (position > lastSequence) throw ahead(position, lastSequence);

  const follower = await followerAt(position, sources);
  const fold = new RowFold({
    venue: follower.venue,
    order: follower.order,
    reply: (unit) => keptReplyOf(unit, follower.render),
  });
  fold.begin(await listingTimes(adapter));
  // A database without rows of a world that has a past begins with that world as it stands.
  if (position === 0 && follower.sequence > 0) fold.seed();
  const lastAudit = await adapter.auditRepository.last();
  return new Projector({ ...sources, follower, fold, position, lastAudit });
}

/** Where the newest snapshot at or before the position lets it begin, and on from there. */
async function followerAt(position: Sequence, sources: ProjectionSources): Promise<Follower> {
  const { log, snapshots, firstSequence, fromTheStart, lastSequence } = sources;
  const isEmpty = position === 0;
  const repeatsAll = isEmpty && fromTheStart && firstSequence === 1;
  const before = isEmpty ? lastSequence : position;
  const snapshot = repeatsAll ? undefined : await snapshots?.newest(before);
  const follower = newFollower(snapshot === undefined ? undefined : readState(snapshot.state));
  if (follower.sequence + 1 < firstSequence) throw tooOld(position, firstSequence);

  if (isEmpty) return follower;
  for await (const run of log.read((follower.sequence + 1) as Sequence)) {
    for (const entry of run) {
      if (entry.sequence > position) return follower;
      follower.apply(entry);
    }
  }
  return follower;
}

function newFollower(state: ExchangeState | undefined): Follower {
  if (state === undefined) return new Follower(newVenue());
  const follower = new Follower(restoredVenue(state.venue));
  follower.restore(state);
  return follower;
}

/** When each instrument was listed, as its row says. */
async function listingTimes({
  instrumentRepository,
}: ExchangeDataAdapter): Promise<(symbol: string) => Timestamp> {
  const { items } = await instrumentRepository.query({ limit: 1_000 });
  const times = new Map(items.map(({ symbol, createdAt }) => [symbol, createdAt]));
  return (symbol) => times.get(symbol) ?? timestamp(0);
}

function otherWorld(lastSequence: number): StorageError {
  return conflict(
    lastSequence === 0
      ? "the journal is empty and the database holds a world: bring that world's files here with tse world import, " +
          "or name another DATA_DIR, SCHEMA_NAME or POSTGRES_URL"
      : "the database holds another world: name another SCHEMA_NAME or POSTGRES_URL, or move that world's schema away",
  );
}

function ahead(position: number, last: number): StorageError {
  return conflict(
    `the database has rows up to command ${position}, the journal ends at ${last}: restore the journal that the ` +
      "database was written from, or name another SCHEMA_NAME",
  );
}

function tooOld(position: number, first: number): StorageError {
  return conflict(
    `the database has rows up to command ${position}, and the journal begins at ${first}: restore a newer database, ` +
      "or name another SCHEMA_NAME, which begins with the world as it stands",
  );
}

function conflict(message: string): StorageError {
  return new StorageError("storage_conflict", message);
}
