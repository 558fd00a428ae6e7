import { fileURLToPath } from "node:url";
import { type MessagePort, Worker } from "node:worker_threads";
import type { Sequence } from "@tse/domain";
import type { Logger } from "@tse/service-kit";
import { type StorageCode, StorageError } from "@tse/storage";
import type {
  FromProjection,
  ProjectionSettings,
  SentError,
  ToProjection,
} from "./projection-messages.ts";
import {
  ProjectionRunner,
  type ProjectionRunnerParts,
  type ProjectionState,
} from "./projection-runner.ts";
import type { ProjectionStep } from "./projector.ts";
import type { ProjectionVerdict } from "./verify-projection.ts";

/** The projection, wherever it runs. */
export interface Projection {
  start(): void;
  /** The journal is durable up to `sequence`. */
  durable(sequence: Sequence): void;
  /** @throws StorageError */
  verify(): Promise<ProjectionVerdict>;
  /** Stores what is durable, if storage takes it, and ends. */
  stop(): Promise<void>;
}

/** What the projection tells, in the thread that asked for it. */
export interface ProjectionHooks {
  readonly logger: Logger;
  readonly onStep: (step: ProjectionStep) => void;
  readonly onState: (state: ProjectionState) => void;
  /** It ended and can't go on. */
  readonly onFailed: (error: StorageError) => void;
}

/** In this thread: for a journal or a store that is this process's memory. */
export class InlineProjection implements Projection {
  readonly #runner: ProjectionRunner;
  readonly #onFailed: ProjectionHooks["onFailed"];

  constructor(
    parts: Omit<ProjectionRunnerParts, "logger" | "onStep" | "onState">,
    hooks: ProjectionHooks,
  ) {
    this.#onFailed = hooks.onFailed;
    this.#runner = new ProjectionRunner({ ...parts, ...hooks });
  }

  start(): void {
    this.#runner.run().catch((error: unknown) => {
      if (!(error instanceof StorageError)) throw error;
      this.#onFailed(error);
    });
  }

  durable(sequence: Sequence): void {
    this.#runner.durable(sequence);
  }

  verify(): Promise<ProjectionVerdict> {
    return this.#runner.verify();
  }

  stop(): Promise<void> {
    return this.#runner.stop();
  }
}

interface Asked {
  readonly resolve: (verdict: ProjectionVerdict) => void;
  readonly reject: (error: StorageError) => void;
}

/** In a thread of its own. */
export class ThreadProjection implements Projection {
  readonly #settings: ProjectionSettings;
  readonly #hooks: ProjectionHooks;
  readonly #asked = new Map<number, Asked>();
  #worker: Worker | undefined;
  #ended: Promise<void> = Promise.resolve();
  #lastId = 0;
  /** Told to the worker once a turn. */
  #durable: Sequence | undefined;

  constructor(settings: ProjectionSettings, hooks: ProjectionHooks) {
    this.#settings = settings;
    this.#hooks = hooks;
  }

  start(): void {
    const { store } = this.#settings;
    const transferList: MessagePort[] = store.kind === "port" ? [store.port] : [];
    const file = fileURLToPath(new URL("./projection-worker.ts", import.meta.url));
    const worker = new Worker(file, { workerData: this.#settings, transferList });
    this.#worker = worker;
    worker.on("message", (message: FromProjection) => this.#hear(message));
    this.#ended = new Promise((resolve) => worker.on("exit", () => resolve()));
    worker.on("error", (error) => this.#failed(error));
  }

  durable(sequence: Sequence): void {
    if (this.#durable === undefined) setImmediate(() => this.#tellDurable());
    this.#durable = sequence;
  }

  verify(): Promise<ProjectionVerdict> {
    this.#tellDurable();
    this.#lastId += 1;
    const id = this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<ProjectionVerdict>();
    this.#asked.set(id, { resolve, reject });
    this.#post({ type: "verify", id });
    return promise;
  }

  async stop(): Promise<void> {
    this.#tellDurable();
    this.#post({ type: "stop" });
    await this.#ended;
    this.#rejectAll(new StorageError("storage_unavailable", "the projection ended before that"));
  }

  #tellDurable(): void {
    if (this.#durable !== undefined) this.#post({ type: "durable", sequence: this.#durable });
    this.#durable = undefined;
  }

  #post(message: ToProjection): void {
    this.#worker?.postMessage(message);
  }

  #hear(message: FromProjection): void {
    const { onStep, onState, logger } = this.#hooks;
    switch (message.type) {
      case "step":
        onStep(message.step);
        break;
      case "state":
        onState(message.state);
        break;
      case "log":
        logger[message.level](message.message, message.fields);
        break;
      case "verified":
        this.#answered(message.id)?.resolve(message.verdict);
        break;
      case "unverified":
        this.#answered(message.id)?.reject(received(message.error));
        break;
      case "failed":
        this.#failed(received(message.error));
        break;
    }
  }

  #rejectAll(error: StorageError): void {
    for (const { reject } of this.#asked.values()) reject(error);
    this.#asked.clear();
  }

  #answered(id: number): Asked | undefined {
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    return asked;
  }

  #failed(cause: unknown): void {
    const error =
      cause instanceof StorageError
        ? cause
        : new StorageError("internal", "the projection's thread failed", { cause });
    this.#rejectAll(error);
    this.#hooks.onFailed(error);
  }
}

function received({ code, message, stack }: SentError): StorageError {
  const error = new StorageError(code as StorageCode, message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
