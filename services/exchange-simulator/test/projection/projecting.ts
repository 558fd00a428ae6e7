import type { Sequence } from "@tse/domain";
import type { ExchangeDataAdapter } from "@tse/exchange-data-adapter";
import type { StorageError } from "@tse/storage";
import type { ProjectionStep, Projector } from "../../src/projection/projector.ts";
import { type ProjectionSources, startProjector } from "../../src/projection/start-projector.ts";
import {
  type ProjectionVerdict,
  verifyProjection,
} from "../../src/projection/verify-projection.ts";
import type { Journal } from "./random-journal.ts";

export const WORLD_ID = "5f8d7b1e-0c7a-4c0e-9a39-6d3a0f6f4b11";

/** One run of the projection over a journal, which says when each step is stored. */
export class Projecting {
  readonly steps: ProjectionStep[] = [];
  readonly failures: StorageError[] = [];
  readonly #projector: Projector;
  readonly #adapter: ExchangeDataAdapter;
  readonly #ended: Promise<void>;
  #waiting: { readonly from: number; readonly resolve: () => void } | undefined;

  /** Goes on from where the store says that it stands. */
  static async start(
    { log, last }: Pick<Journal, "log" | "last">,
    adapter: ExchangeDataAdapter,
    more: Partial<ProjectionSources> = {},
  ): Promise<Projecting> {
    const hooks: Hooks = { onStep: () => {}, onFailure: () => {} };
    const projector = await startProjector({
      log,
      firstSequence: log.firstSequence,
      lastSequence: last,
      fromTheStart: true,
      snapshots: undefined,
      adapter,
      worldId: WORLD_ID,
      paceMs: 0,
      onStep: (step) => hooks.onStep(step),
      onFailure: (error) => hooks.onFailure(error),
      available: async () => {},
      ...more,
    });
    return new Projecting(projector, adapter, hooks);
  }

  private constructor(projector: Projector, adapter: ExchangeDataAdapter, hooks: Hooks) {
    this.#projector = projector;
    this.#adapter = adapter;
    hooks.onStep = (step) => this.#stepped(step);
    hooks.onFailure = (error) => this.failures.push(error);
    this.#ended = projector.start();
    this.#ended.catch(() => {});
  }

  get position(): Sequence {
    return this.#projector.position;
  }

  /** Resolves when everything up to `sequence` is stored; rejects when the projection ended first. */
  async upTo(sequence: number): Promise<void> {
    const stored = new Promise<void>((resolve) => {
      this.#waiting = { from: sequence, resolve };
    });
    this.#projector.durable(sequence as Sequence);
    if (this.#projector.position < sequence) await Promise.race([stored, this.#ended]);
  }

  /** In steps of `units`, to the end. */
  async inSteps(units: number, last: number): Promise<void> {
    for (let next = this.position + units; next < last; next += units) await this.upTo(next);
    await this.upTo(last);
  }

  verify(): Promise<ProjectionVerdict> {
    return this.#projector.atRest((follower) => verifyProjection(this.#adapter, follower));
  }

  /** @throws StorageError what the projection ended with */
  async stop(): Promise<void> {
    await this.#projector.stop(10_000);
    await this.#ended;
  }

  #stepped(step: ProjectionStep): void {
    this.steps.push(step);
    if (step.position >= (this.#waiting?.from ?? Number.POSITIVE_INFINITY)) {
      this.#waiting?.resolve();
    }
  }
}

interface Hooks {
  onStep: (step: ProjectionStep) => void;
  onFailure: (error: StorageError) => unknown;
}
