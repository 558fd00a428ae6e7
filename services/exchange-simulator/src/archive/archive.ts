import type { MessagePort } from "node:worker_threads";
import type { Sequence, Timestamp } from "@tse/domain";
import { timestamp } from "@tse/domain";
import type { ExchangeDataAdapter } from "@tse/exchange-data-adapter";
import type { Logger } from "@tse/service-kit";
import { type BackendState, type ServiceDiscoveryRepository, StorageError } from "@tse/storage";
import type { Core } from "../core.ts";
import type { OlderReplies, RequestName } from "../idempotency/idempotent-replies.ts";
import type { KeptReply } from "../idempotency/kept-reply.ts";
import type { Projection, ProjectionHooks } from "../projection/projection.ts";
import type { ProjectionState } from "../projection/projection-runner.ts";
import type { ProjectionStep } from "../projection/projector.ts";
import type { ProjectionVerdict } from "../projection/verify-projection.ts";
import type { Store, StoreKind } from "./store.ts";
import { findReply } from "./stored-replies.ts";

export interface ArchiveParts {
  readonly store: Store;
  readonly logger: Logger;
  /** Told when the database turned out to be somebody else's: stop the process. */
  readonly onFatal: (error: unknown) => void;
}

/** How the archive is. */
export interface ArchiveStatus {
  readonly store: StoreKind;
  readonly state: ProjectionState;
  /** Last command whose rows are stored. */
  readonly position: Sequence;
  /** World time of that command; 0 before the first. */
  readonly time: Timestamp;
  /** Rows stored since this start. */
  readonly rows: number;
  readonly backends: readonly BackendState[];
}

/** What happened, for as long as it is kept: written by the projection, read by whoever asks for history. */
export class Archive implements OlderReplies {
  readonly #parts: ArchiveParts;
  /** Done when a database can be connected to, which may still be booting. */
  #hosting: Promise<void> = Promise.resolve();
  #opening: Promise<void> = Promise.resolve();
  #projection: Projection | undefined;
  #core: Core | undefined;
  #state: ProjectionState = "starting";
  #position = 0 as Sequence;
  #time = timestamp(0);
  #rows = 0;
  /** Whether the tables are there: the projection has found its place. */
  #isOpen = false;
  #remade = false;
  readonly #found = Promise.withResolvers<void>();

  constructor(parts: ArchiveParts) {
    this.#parts = parts;
    this.#found.promise.catch(() => {});
  }

  /** Resolves when the database was reached and is this world's; rejects when it is another's. */
  get opened(): Promise<void> {
    return this.#found.promise;
  }

  get position(): Sequence {
    return this.#position;
  }

  /** Last command whose rows are still there after a restart. */
  get lasting(): Sequence {
    return this.#parts.store.kind === "memory" ? (0 as Sequence) : this.#position;
  }

  get status(): ArchiveStatus {
    return {
      store: this.#parts.store.kind,
      state: this.#state,
      position: this.#position,
      time: this.#time,
      rows: this.#rows,
      backends: this.#parts.store.adapter?.state ?? [],
    };
  }

  /** From here on it is told what is durable, and tells the views what is stored. */
  follow(core: Core): void {
    this.#core = core;
    core.exchange.subscribe(({ sequence }) => this.#projection?.durable(sequence));
  }

  /** Opens the store beside the exchange, which doesn't wait for it. */
  start(): void {
    this.#hosting = this.#parts.store.open();
    this.#opening = this.#hosting.then(() => this.#project());
    this.#opening.catch(this.#parts.onFatal);
  }

  /** A further connection to an embedded database, as soon as it is there to connect to; `undefined` for any other. */
  async connect(): Promise<MessagePort | undefined> {
    await this.#hosting;
    return this.#parts.store.connect();
  }

  async stop(): Promise<void> {
    await this.#opening;
    await this.#projection?.stop();
    await this.#parts.store.close();
  }

  /** Whether the world may live in a database of its own, which has to be asked before one begins. */
  get isElsewhere(): boolean {
    return this.#parts.store.kind === "postgres";
  }

  /** Where this service is found by others; `undefined` before `start`. */
  get discovery(): ServiceDiscoveryRepository | undefined {
    return this.#parts.store.adapter?.serviceDiscoveryRepository;
  }

  /** Reads of history. @throws StorageError `storage_unavailable` while nothing can be read */
  get history(): ExchangeDataAdapter {
    const { adapter } = this.#parts.store;
    if (adapter !== undefined && this.#isOpen) return adapter;
    throw new StorageError("storage_unavailable", "history is not open yet");
  }

  find(name: RequestName): Promise<KeptReply | undefined> {
    const venue = (this.#core as Core).venue;
    return findReply(this.history.idempotencyRepository, name, venue);
  }

  /** Compares what is stored with what the journal says. @throws StorageError */
  verify(): Promise<ProjectionVerdict> {
    if (this.#state === "failed") {
      throw new StorageError("storage_unavailable", "the projection failed: the log says why");
    }
    if (this.#projection === undefined) {
      throw new StorageError("storage_unavailable", "history is not open yet");
    }
    return this.#projection.verify();
  }

  /** Last sequence whose rows survive a power cut: makes it so for what is stored now. */
  async secure(): Promise<Sequence> {
    const position = this.#position;
    await this.#parts.store.secure();
    return position;
  }

  #project(): void {
    const { store, logger } = this.#parts;
    const hooks: ProjectionHooks = {
      logger,
      onStep: (step) => this.#stepped(step),
      onState: (state) => {
        this.#state = state;
        if (state !== "running") return;
        this.#isOpen = true;
        this.#found.resolve();
      },
      onFailed: (error) => void this.#failed(error),
    };
    this.#projection = store.projection(hooks);
    this.#projection.start();
    const { exchange } = this.#core as Core;
    this.#projection.durable(exchange.released);
  }

  #stepped({ position, time, rows }: ProjectionStep): void {
    this.#position = position;
    this.#time = time;
    this.#rows += rows;
    this.#core?.views.projected(position);
  }

  /** An embedded database that fits no journal is made again; a server's is somebody's, and stays as it is. */
  async #failed(error: StorageError): Promise<void> {
    const { store, logger, onFatal } = this.#parts;
    this.#state = "failed";
    logger.error("projection failed", { code: error.code, error });
    const isForeign = error.code === "storage_conflict" || error.code === "schema_in_use";
    if (store.kind === "postgres" && isForeign) {
      this.#found.reject(error);
      onFatal(error);
      return;
    }
    if (store.kind !== "embedded" || this.#remade) return;
    this.#remade = true;
    this.#isOpen = false;
    await this.#projection?.stop();
    await store.remake(error.message);
    this.#project();
  }
}
