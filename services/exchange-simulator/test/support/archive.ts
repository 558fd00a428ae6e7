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
import { InlineProjection } from "../../src/projection/projection.ts";
import type { ProjectionVerdict } from "../../src/projection/verify-projection.ts";
import type { Past } from "../../src/records/stored.ts";

interface Projected {
  projected(sequence: Sequence): void;
}

/** The world that a test archive is of. */
export interface ArchivedWorld {
  readonly log: CommandLog;
  /** Told what is stored. */
  readonly views: readonly Projected[];
}

/** What was, in a store of its own; stored as far as its test says, and read while its test lets it. */
export class TestArchive implements Past, AsyncDisposable {
  readonly adapter: ExchangeDataAdapter;
  readonly #host: PgliteHost | undefined;
  #position = 0 as Sequence;
  #isAway = false;
  #reads = 0;
  #projection: InlineProjection | undefined;
  readonly failures: StorageError[] = [];
  readonly #waiting: { readonly for: Sequence; readonly resolve: () => void }[] = [];

  private constructor(adapter: ExchangeDataAdapter, host?: PgliteHost) {
    this.adapter = adapter;
    this.#host = host;
  }

  static async open(kind: "memory" | "pglite"): Promise<TestArchive> {
    const host = kind === "pglite" ? new PgliteHost() : undefined;
    const store: ExchangeDataAdapterConfig["store"] =
      host === undefined
        ? { kind: "memory", history: 1_000_000 }
        : { kind: "port", port: host.connect() };
    const clock = realClock();
    const adapter = newExchangeDataAdapter(
      { instanceName: "exchange", store },
      {
        logger: silentLogger,
        clock,
        realClock: clock,
        random: seededRandom("test").fork("storage"),
      },
    );
    await adapter.connect();
    return new TestArchive(adapter, host);
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

  /** Nothing is stored before `store` is called. */
  follow({ log, views }: ArchivedWorld): void {
    const parts = {
      log,
      firstSequence: 1 as Sequence,
      lastSequence: log.lastSequence,
      fromTheStart: true,
      snapshots: undefined,
      adapter: this.adapter,
      worldId: "world-of-these-tests",
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
    await this.#host?.close();
  }
}
