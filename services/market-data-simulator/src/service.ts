import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { MessagePort } from "node:worker_threads";
import { timestamp } from "@tse/domain";
import type { Candle, MarketSnapshot, MarketSymbol, PriceFeed } from "@tse/market-data-adapter";
import {
  adminPortOf,
  type ControllableClock,
  closeHost,
  type GrpcHost,
  type HttpHost,
  keepSecret,
  Lifecycle,
  type ListenOptions,
  listen,
  type RootLogger,
  realClock,
} from "@tse/service-kit";
import { Registry } from "@tse/storage";
import { createAdminListener } from "./admin-listener.ts";
import type { VenueTape } from "./api/venue-tape.ts";
import { knownPast } from "./archive/known-past.ts";
import { dataDirOf, type MarketStore, openStore } from "./archive/store.ts";
import { storeMetrics } from "./archive/store-metrics.ts";
import type { MarketCandle } from "./candles/market-candle.ts";
import { grpcPortOf, instanceOf, type MarketDataConfig } from "./config.ts";
import { type Core, createCore, feedTerms, marketClock } from "./core.ts";
import type { Feed } from "./feed/feed.ts";
import type { FeedRecord } from "./feed/feed-record.ts";
import { beginsAnew, type KnownPast } from "./feed/open-feed.ts";
import { createGrpcHost, marketDataHandlers } from "./grpc/grpc-host.ts";
import type { ModeSet } from "./modes/mode-terms.ts";
import { resolveModes } from "./modes/resolve-modes.ts";
import {
  createHiddenMetrics,
  createMetrics,
  createObservation,
  type Observation,
} from "./observation.ts";
import { createProduction } from "./production.ts";
import { openCatalogue } from "./scenarios/catalogue.ts";
import { PriceLink } from "./streams/price-link.ts";
import type { PriceUpdate } from "./streams/price-updates.ts";

export interface MarketDataSimulatorOptions {
  readonly config: MarketDataConfig;
  readonly logger: RootLogger;
  /**
   * The clock of the world that it is part of, whoever moves and stops it; one of its own by default. A virtual one that is
   * behind what was published is moved on to there: prices that were seen don't come again.
   */
  readonly clock?: ControllableClock;
  /** A connection to the embedded database of that world; where there is none, it opens one of its own. */
  readonly database?: MessagePort;
  /** The venue of that world, whose public trades are shown. */
  readonly venue?: VenueTape;
}

/** Where a started service is, and what opens its doors. */
export interface MarketDataReady {
  /** `http://127.0.0.1:8086`, without a slash at the end; likewise the others. */
  readonly http: string;
  readonly admin: string;
  /** `127.0.0.1:9096` */
  readonly grpc: string;
  readonly ws: string;
  readonly adminToken: string;
  /** Where a made admin token is kept; `undefined` for one that was given. */
  readonly adminTokenFile: string | undefined;
  /** Where the path of prices is kept; `undefined` when it ends with the process. */
  readonly dataDir: string | undefined;
}

const DRAIN_MS = 2_000;
const HEALTH_INTERVAL_MS = 30_000;
const ADMIN_TOKEN_BYTES = 32;
/** How long a new path waits for the database that may know of an older one. */
const REACHED_WITHIN_MS = 3_000;

interface Parts {
  readonly store: MarketStore;
  readonly connected: Promise<unknown>;
  readonly core: Core;
  readonly observation: Observation;
  readonly production: HttpHost;
  readonly grpc: GrpcHost;
  readonly admin: HttpHost;
  readonly adminToken: string;
}

/**
 * The market-data simulator: one world's prices and their listeners, started and stopped in order. Several may run in
 * one process.
 */
export class MarketDataSimulator {
  readonly #options: MarketDataSimulatorOptions;
  readonly #lifecycle: Lifecycle;
  readonly #parts: Parts;

  /**
   * Opens the path of prices, made again up to now where there is one, and wires everything.
   *
   * @throws DirectoryInUse, FeedRecordCorrupt, DatasetMissing, InvalidConfiguration for PRICE_MODE or a scenario of the
   *   user's own
   */
  static async open(options: MarketDataSimulatorOptions): Promise<MarketDataSimulator> {
    return new MarketDataSimulator(options, await wire(options));
  }

  private constructor(options: MarketDataSimulatorOptions, parts: Parts) {
    const { config, logger } = options;
    this.#options = options;
    this.#parts = parts;
    this.#lifecycle = new Lifecycle({ logger, shutdownTimeoutMs: config.shutdownTimeout / 1_000 });
  }

  /** The shared path, for who runs a service in his own process. Not to be moved. */
  get feed(): Feed {
    return this.#parts.core.feed;
  }

  get clock(): ControllableClock {
    return this.#parts.core.clock;
  }

  /**
   * A subscription of who lives in the same world, see `PriceLink`: what a gRPC stream brings, faults on purpose included,
   * each price before the clock moves on. Begins with the newest prices; symbols that there are not are passed over. The
   * listener must not throw.
   */
  follow(wanted: readonly string[], listener: (update: PriceUpdate) => void): { stop(): void } {
    const { clock, feed, streams } = this.#parts.core;
    const symbols = feed.symbols
      .map(({ symbol }) => symbol)
      .filter((each) => wanted.includes(each));
    const link = new PriceLink({ streams, clock, log: this.#options.logger, symbols, listener });
    if (symbols.length > 0) link.start();
    return link;
  }

  /** Stores a price. @param price in units of 10^-8, above 0 */
  publishPrice(symbol: string, price: bigint): Promise<PriceFeed> {
    return this.#parts.core.publisher.publishPrice(symbol, price);
  }

  publishCandle(candle: MarketCandle): Promise<Candle> {
    return this.#parts.core.publisher.publishCandle(candle);
  }

  createSnapshot(symbol: string): Promise<MarketSnapshot> {
    return this.#parts.core.publisher.createSnapshot(symbol);
  }

  getActiveSymbols(): Promise<readonly MarketSymbol[]> {
    return this.#parts.core.publisher.getActiveSymbols();
  }

  /**
   * Resolves when prices come and the listeners are open. After a rejection `stop` takes down what had started.
   *
   * @throws PortUnavailable when a listener's address is taken, forbidden or not this machine's; FeedRecordCorrupt where the
   *   newest part of the path can't be made again
   */
  async start(): Promise<MarketDataReady> {
    const { config } = this.#options;
    const { adminToken, store } = this.#parts;
    await this.#startFeed();
    const admin = await this.#openAdmin();
    const grpc = await this.#openGrpc();
    const http = await this.#openProduction();
    await this.#register(http, grpc);
    await this.#serve();
    const made = config.adminToken === undefined;
    const adminTokenFile = made ? join(dataDirOf(config), "admin-token") : undefined;
    if (adminTokenFile !== undefined) await keepSecret(adminTokenFile, adminToken);
    const ws = http.replace(/^http/, "ws");
    return { http, admin, grpc, ws, adminToken, adminTokenFile, dataDir: store.directory };
  }

  /** Publishes nothing more, stores what waits, and closes. @returns whether all went well */
  stop(): Promise<boolean> {
    return this.#lifecycle.stop();
  }

  async #startFeed(): Promise<void> {
    const { store, connected, core } = this.#parts;
    await this.#lifecycle.start({
      name: "storage",
      stop: async () => {
        await connected;
        await store.close();
      },
    });
    await this.#lifecycle.start({
      name: "archive",
      start: () => core.archive.start(),
      stop: () => core.archive.stop(),
    });
    await this.#lifecycle.start({
      name: "series",
      start: () => core.series?.start(),
      stop: () => core.series?.stop(),
    });
    await this.#lifecycle.start({
      name: "feed",
      start: () => {
        core.catchUp();
        core.driver.start();
        this.#record("started");
      },
      stop: () => {
        core.driver.stop();
        core.faults.close();
        this.#record("stopped");
        core.topics.close();
        if (this.#options.clock === undefined) core.clock.stop();
      },
    });
  }

  #record(what: "started" | "stopped"): void {
    const { config } = this.#options;
    const { seed, version } = config;
    const mode = config.priceMode.text;
    this.#parts.core.audit.record({
      action: `service.${what}`,
      entityType: "service",
      entityId: instanceOf(config),
      details: { version, seed, mode },
    });
  }

  async #register(http: string, grpc: string): Promise<void> {
    const { config, logger } = this.#options;
    const { hostname, port } = new URL(http);
    const registry = new Registry({
      discovery: this.#parts.store.adapter.serviceDiscoveryRepository,
      service: {
        serviceName: config.service,
        serviceId: instanceOf(config),
        address: config.advertiseHost ?? hostname,
        port: Number(grpc.slice(grpc.lastIndexOf(":") + 1)),
        httpPort: Number(port),
        version: config.version,
        environment: config.environment,
        status: "healthy",
        tags: [],
        metadata: {},
      },
      heartbeatMs: config.heartbeatInterval / 1_000,
      logger,
    });
    await this.#lifecycle.start({
      name: "registry",
      start: () => registry.start(),
      stop: () => registry.stop(),
    });
  }

  #openAdmin(): Promise<string> {
    const { config } = this.#options;
    const address = { host: config.adminHost, port: adminPortOf(config), choice: "--admin-port" };
    return this.#open("admin listener", this.#parts.admin, address);
  }

  async #openGrpc(): Promise<string> {
    const { config } = this.#options;
    const { grpc } = this.#parts;
    const port = grpcPortOf(config);
    let address = "";
    await this.#lifecycle.start({
      name: "grpc listener",
      start: async () => {
        ({ address } = await grpc.listen({ host: config.host, port, choice: "--grpc-port" }));
      },
      stop: () => grpc.stop(DRAIN_MS),
    });
    return address;
  }

  #openProduction(): Promise<string> {
    const { host, port } = this.#options.config;
    const { production, core } = this.#parts;
    const address = { host, port, choice: "--port" };
    return this.#open("production listener", production, address, () => {
      core.fanOut.close();
      core.connections.close();
    });
  }

  async #open(
    name: string,
    host: HttpHost,
    address: ListenOptions,
    beforeClosing: () => void = () => {},
  ): Promise<string> {
    let url = "";
    await this.#lifecycle.start({
      name,
      start: async () => {
        url = (await listen(host, address)).url;
      },
      stop: () => {
        beforeClosing();
        return closeHost(host, DRAIN_MS);
      },
    });
    return url;
  }

  /** From here on the service says that it is ready; at the stop it says first that it is not. */
  #serve(): Promise<void> {
    const { health } = this.#parts.observation;
    return this.#lifecycle.start({
      name: "readiness",
      start: () => {
        health.phase = "serving";
        health.start(HEALTH_INTERVAL_MS);
      },
      stop: () => {
        health.phase = "stopping";
        health.stop();
      },
    });
  }
}

/** What PRICE_MODE comes to; `undefined` where the path goes on as it was recorded, for which no database is needed. */
async function modesOf(
  config: MarketDataConfig,
  { adapter, datasets }: MarketStore,
  connected: Promise<unknown>,
  record: FeedRecord | undefined,
  past: KnownPast | undefined,
): Promise<ModeSet | undefined> {
  const { priceMode, symbols } = config;
  if (!beginsAnew(record, feedTerms(config))) return undefined;
  if (priceMode.choices.some(({ mode }) => "dataset" in mode)) await connected;
  const isNew = record === undefined && past === undefined;
  return resolveModes(priceMode, { repositories: adapter, datasets, symbols, isNew });
}

async function moveOn(clock: ControllableClock, lastTime = timestamp(0)): Promise<void> {
  const { mode, speed, now } = clock.state();
  if (mode === "virtual" && now < lastTime) await clock.set({ mode, speed, now: lastTime });
}

async function wire(options: MarketDataSimulatorOptions): Promise<Parts> {
  const { config, logger, database } = options;
  const catalogue = openCatalogue(config.scenarioDir, logger);
  const metrics = createMetrics(config);
  const hiddenMetrics = createHiddenMetrics(config);
  // Rows are stamped by the feed itself; the clock is there for the rest as soon as it is known.
  let { clock } = options;
  const store = await openStore(
    {
      config,
      logger,
      metrics: storeMetrics(metrics, hiddenMetrics),
      ...(database && { database }),
    },
    { now: () => (clock ?? marketClock(config, undefined)).now() },
  );
  try {
    const record = store.recorder.read();
    const connected = store.adapter
      .connect()
      .catch((error: unknown) => logger.error("storage can't be used", { error }));
    const isElsewhere = record === undefined && store.kind === "postgres";
    if (isElsewhere) await Promise.race([connected, wait(REACHED_WITHIN_MS)]);
    const { adapter } = store;
    const past = isElsewhere
      ? await knownPast({ adapter, realClock: realClock(), logger })
      : undefined;
    const lastTime = record?.lastTime ?? past?.lastTime;
    clock ??= marketClock(config, lastTime);
    await moveOn(clock, lastTime);
    const modes = await modesOf(config, store, connected, record, past);
    const core = createCore({ config, clock, store, past, modes, catalogue, metrics, logger });
    const observation = createObservation({ ...core, config, store, metrics, logger });
    const adminToken = config.adminToken ?? randomBytes(ADMIN_TOKEN_BYTES).toString("base64url");
    const parts = { core, config, observation, metrics, logger };
    const own = { core, service: config.service, health: observation.health };
    const handlers = marketDataHandlers(own);
    const production = createProduction({ ...parts, handlers, venue: options.venue });
    const grpc = createGrpcHost({ ...own, handlers, metrics, logger });
    const admin = createAdminListener({ ...parts, hiddenMetrics, store, token: adminToken });
    return { store, connected, core, observation, production, grpc, admin, adminToken };
  } catch (error) {
    await store.close();
    throw error;
  }
}
