import type { Sequence } from "@tse/domain";
import {
  type ExchangeDataAdapter,
  type ExchangeDataAdapterConfig,
  newExchangeDataAdapter,
} from "@tse/exchange-data-adapter";
import type { CommandLog } from "@tse/journal";
import { realClock, silentLogger } from "@tse/service-kit";
import { seededRandom } from "@tse/simulation";
import { PgliteHost, StorageError } from "@tse/storage";
import type { VenueView } from "@tse/venue";
import { findReply } from "../../src/archive/stored-replies.ts";
import type { OlderReplies, RequestName } from "../../src/idempotency/idempotent-replies.ts";
import type { KeptReply } from "../../src/idempotency/kept-reply.ts";
import { InlineProjection } from "../../src/projection/projection.ts";
import type { ProjectionVerdict } from "../../src/projection/verify-projection.ts";
import type { Past } from "../../src/records/stored.ts";

interface Projected {
  projected(sequence: Sequence): void;
}

/** The world that a test archive is of. */
export interface ArchivedWorld {
  readonly log: CommandLog;
  readonly venue: VenueView;
  /** Told what is stored. */
  readonly views: readonly Projected[];
}

let opened = 0;
let database: PgliteHost | undefined;

/** One for all tests of this process: each has a schema of its own. */
async function sharedDatabase(): Promise<PgliteHost> {
  database ??= new PgliteHost();
  database.unref();
  await database.ready();
  return database;
}

/** A busy machine may take longer than `connect` waits. */
async function connected(adapter: ExchangeDataAdapter): Promise<void> {
  const isAway = () => adapter.state.some(({ condition }) => condition === "degraded");
  if (!isAway()) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = adapter.onStateChange(() => isAway() || resolve());
  await promise;
  end();
}

/** What was, in a store of its own; stored as far as its test says, and read while its test lets it. */
export class TestArchive implements Past, OlderReplies, AsyncDisposable {
  readonly adapter: ExchangeDataAdapter;
  #position = 0 as Sequence;
  #isAway = false;
  #reads = 0;
  #projection: InlineProjection | undefined;
  #venue: VenueView | undefined;
  readonly failures: StorageError[] = [];
  readonly #waiting: { readonly for: Sequence; readonly resolve: () => void }[] = [];

  private constructor(adapter: ExchangeDataAdapter) {
    this.adapter = adapter;
  }

  static async open(kind: "memory" | "pglite"): Promise<TestArchive> {
    const store: ExchangeDataAdapterConfig["store"] =
      kind === "memory"
        ? { kind: "memory", history: 1_000_000 }
        : { kind: "port", port: (await sharedDatabase()).connect() };
    opened += 1;
    const clock = realClock();
    const adapter = newExchangeDataAdapter(
      { instanceName: "exchange", store, schema: `history_${opened}` },
      {
        logger: silentLogger,
        clock,
        realClock: clock,
        random: seededRandom("test").fork("storage"),
      },
    );
    await adapter.connect();
    await connected(adapter);
    return new TestArchive(adapter);
  }

  get position(): Sequence {
    return this.#position;
  }

  /** How often it was asked for what is stored. */
  get reads(): number {
    return this.#reads;
  }

  get history(): ExchangeDataAdapter {
    this.#reads += 1;
    if (this.#isAway) throw new StorageError("storage_unavailable", "history is away");
    return this.adapter;
  }

  set away(isAway: boolean) {
    this.#isAway = isAway;
  }

  async find(name: RequestName): Promise<KeptReply | undefined> {
    return findReply(this.history.idempotencyRepository, name, this.#venue as VenueView);
  }

  /** Nothing is stored before `store` is called. */
  follow({ log, venue, views }: ArchivedWorld): void {
    this.#venue = venue;
    const parts = {
      log,
      firstSequence: 1 as Sequence,
      lastSequence: log.lastSequence,
      fromTheStart: true,
      snapshots: undefined,
      adapter: this.adapter,
      worldId: "world-of-these-tests",
      // What a test asks to be stored waits for nothing more.
      paceMs: 0,
    };
    this.#projection = new InlineProjection(parts, {
      logger: silentLogger,
      onState: () => {},
      onFailed: (error) => {
        this.failures.push(error);
        for (const { resolve } of this.#waiting.splice(0)) resolve();
      },
      onStep: ({ position }) => {
        this.#position = position;
        for (const view of views) view.projected(position);
        for (const each of [...this.#waiting]) if (each.for <= position) each.resolve();
      },
    });
    this.#projection.start();
  }

  /** Has everything stored up to `sequence`. Rejects with what kept it from that. */
  async store(sequence: Sequence): Promise<void> {
    if (this.#position < sequence) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.push({ for: sequence, resolve });
      this.#projection?.durable(sequence);
      await promise;
    }
    const [failure] = this.failures;
    if (failure !== undefined) throw failure;
  }

  /** Whether what is stored says what the commands did. */
  verify(): Promise<ProjectionVerdict> {
    return (this.#projection as InlineProjection).verify();
  }

  async [Symbol.asyncDispose]() {
    await this.#projection?.stop();
    await this.adapter.disconnect();
  }
}
