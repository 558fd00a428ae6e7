import { setTimeout as wait } from "node:timers/promises";
import { type Sequence, timestamp } from "@tse/domain";
import type { ExchangeDataAdapter } from "@tse/exchange-data-adapter";
import type { Logger } from "@tse/service-kit";
import { StorageError } from "@tse/storage";
import type { ProjectionStep, Projector } from "./projector.ts";
import { type ProjectionSources, startProjector } from "./start-projector.ts";
import { type ProjectionVerdict, verifyProjection } from "./verify-projection.ts";

/** `starting`: finding its place. `waiting`: storage is away. `failed`: it needs somebody's help. */
export type ProjectionState = "starting" | "running" | "waiting" | "failed";

export interface ProjectionRunnerParts
  extends Omit<ProjectionSources, "onFailure" | "available" | "onStep" | "paceMs"> {
  readonly adapter: ExchangeDataAdapter;
  readonly logger: Pick<Logger, "info" | "warn" | "error">;
  readonly onStep: (step: ProjectionStep) => void;
  readonly onState: (state: ProjectionState) => void;
  /** How long what is durable may wait to be stored with what follows, memory has it meanwhile; 500 when absent. */
  readonly paceMs?: number;
}

/** Longest that a stop waits for what is durable to be stored. */
const DRAIN_MS = 3_000;
const PACE_MS = 500;
const RETRY_MS = 250;
const RETRY_MAX_MS = 5_000;

/** One projection from its start to its end, however often storage goes and comes. */
export class ProjectionRunner {
  readonly #parts: ProjectionRunnerParts;
  readonly #stopped = new AbortController();
  #projector: Projector | undefined;
  #durable = 0 as Sequence;
  #state: ProjectionState = "starting";
  #running: Promise<void> | undefined;

  constructor(parts: ProjectionRunnerParts) {
    this.#parts = parts;
  }

  /**
   * Runs until `stop`.
   *
   * @throws StorageError what can't be mended by waiting: `storage_conflict`, `schema_in_use`, a row that
   * breaks a rule
   */
  run(): Promise<void> {
    this.#running ??= this.#run();
    return this.#running;
  }

  /** The journal is durable up to `sequence`. */
  durable(sequence: Sequence): void {
    this.#durable = sequence;
    this.#projector?.durable(sequence);
  }

  /** Compares what is stored with what the commands up to there make. @throws StorageError */
  async verify(): Promise<ProjectionVerdict> {
    const projector = this.#projector;
    if (projector === undefined) {
      throw new StorageError("storage_unavailable", "the projection has not found its place yet");
    }
    return projector.atRest((follower) => verifyProjection(this.#parts.adapter, follower));
  }

  /** Stores what is durable, if storage takes it, and ends. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#projector?.stop(DRAIN_MS);
    await this.#running?.catch(() => {});
  }

  async #run(): Promise<void> {
    try {
      await this.#parts.adapter.connect();
      const projector = await this.#find();
      if (projector === undefined) return;
      this.#projector = projector;
      projector.durable(this.#durable);
      // The stop came while the place was looked for.
      if (this.#stopped.signal.aborted) void projector.stop(DRAIN_MS);
      // Who reads what is stored has to know how far it goes before there is more.
      const { position } = projector;
      this.#parts.onStep({ position, time: timestamp(0), units: 0, rows: 0 });
      this.#tell("running");
      await projector.start();
    } catch (error) {
      this.#tell("failed");
      throw error;
    }
  }

  /** `undefined` when it was stopped first. */
  async #find(): Promise<Projector | undefined> {
    for (let attempt = 1; !this.#stopped.signal.aborted; attempt++) {
      try {
        return await startProjector({
          ...this.#parts,
          paceMs: this.#parts.paceMs ?? PACE_MS,
          onStep: (step) => {
            this.#tell("running");
            this.#parts.onStep(step);
          },
          onFailure: (error) => this.#away(error),
          available: (tried) => this.#pause(tried),
        });
      } catch (error) {
        if (!(error instanceof StorageError) || error.code !== "storage_unavailable") throw error;
        this.#away(error);
        await this.#pause(attempt);
      }
    }
    return undefined;
  }

  #away(error: StorageError): void {
    if (this.#state !== "waiting") {
      this.#parts.logger.warn("projection waits for storage", { code: error.code });
    }
    this.#tell("waiting");
  }

  #tell(state: ProjectionState): void {
    if (state === this.#state) return;
    if (this.#state === "waiting" && state === "running") {
      this.#parts.logger.info("projection goes on");
    }
    this.#state = state;
    this.#parts.onState(state);
  }

  /** Longer each time, and no longer than until `stop`. */
  async #pause(attempt: number): Promise<void> {
    const ms = Math.min(RETRY_MAX_MS, RETRY_MS * 2 ** (attempt - 1));
    await wait(ms, undefined, { signal: this.#stopped.signal }).catch(() => {});
  }
}
