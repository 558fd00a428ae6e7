import { parentPort, workerData } from "node:worker_threads";
import type { Sequence } from "@tse/domain";
import { newExchangeDataAdapter } from "@tse/exchange-data-adapter";
import { FileCommandReader, FileSnapshotStore, NodeDisk } from "@tse/journal";
import { realClock } from "@tse/service-kit";
import { seededRandom } from "@tse/simulation";
import { giveWay, StorageError } from "@tse/storage";
import type {
  FromProjection,
  ProjectionSettings,
  SentError,
  ToProjection,
} from "./projection-messages.ts";
import { ProjectionRunner } from "./projection-runner.ts";

/**
 * The projection in a thread of its own: it reads the journal's files itself, so that the exchange has
 * no work with it but to say what is durable.
 */
const settings: ProjectionSettings = workerData;
const host = parentPort!;
giveWay();
const tell = (message: FromProjection) => host.postMessage(message);

const logger = {
  info: (message: string, fields = {}) => log("info", message, fields),
  warn: (message: string, fields = {}) => log("warn", message, fields),
  error: (message: string, fields = {}) => log("error", message, fields),
};
const clock = realClock();
const { instanceName, schema, store, seed, worldId, firstSequence, lastSequence } = settings;
const adapter = newExchangeDataAdapter(
  { instanceName, store, ...(schema !== undefined && { schema }) },
  { logger, clock, realClock: clock, random: seededRandom(seed).fork("projection") },
);
const reader = new FileCommandReader(new NodeDisk(settings.journalDirectory));
const snapshots = new FileSnapshotStore({
  disk: new NodeDisk(settings.snapshotDirectory),
  onDamaged: (file, reason) => logger.warn("snapshot passed over", { file, reason }),
});

let durable = lastSequence;
const runner = new ProjectionRunner({
  log: { read: (from: Sequence) => reader.read(from, durable) },
  firstSequence,
  lastSequence,
  fromTheStart: true,
  snapshots,
  adapter,
  worldId,
  logger,
  onStep: (step) => tell({ type: "step", step }),
  onState: (state) => tell({ type: "state", state }),
});

host.on("message", (message: ToProjection) => {
  switch (message.type) {
    case "durable":
      durable = message.sequence;
      runner.durable(durable);
      break;
    case "verify":
      void verify(message.id);
      break;
    case "stop":
      void stop();
      break;
  }
});
runner.durable(durable);
runner.run().catch((error: unknown) => tell({ type: "failed", error: sent(error) }));

async function verify(id: number): Promise<void> {
  try {
    tell({ type: "verified", id, verdict: await runner.verify() });
  } catch (error) {
    tell({ type: "unverified", id, error: sent(error) });
  }
}

async function stop(): Promise<void> {
  await runner.stop();
  await adapter.disconnect().catch((error: unknown) => {
    logger.warn("projection could not disconnect", { error: sent(error) });
  });
  await reader.close();
  tell({ type: "stopped" });
  host.close();
}

function log(level: "info" | "warn" | "error", message: string, fields: object): void {
  const entries = Object.entries(fields).map(([name, value]) => [
    name,
    value instanceof Error ? sent(value) : value,
  ]);
  tell({ type: "log", level, message, fields: Object.fromEntries(entries) });
}

function sent(error: unknown): SentError {
  const code = error instanceof StorageError ? error.code : "internal";
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : undefined;
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? error.stack : undefined;
  return { code, message, stack: cause === undefined ? stack : `${stack}\n${cause.stack}` };
}
