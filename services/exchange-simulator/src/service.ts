import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { MessagePort } from "node:worker_threads";
import { assert } from "@tse/domain";
import {
  adminPortOf,
  type ControllableClock,
  closeHost,
  type HttpHost,
  keepSecret,
  Lifecycle,
  type ListenOptions,
  listen,
  type RootLogger,
} from "@tse/service-kit";
import { Registry } from "@tse/storage";
import { createAdminListener } from "./admin-listener.ts";
import { Archive } from "./archive/archive.ts";
import { createStore } from "./archive/store.ts";
import { journalChaos } from "./chaos/chaos-facts.ts";
import type { ExchangeConfig } from "./config.ts";
import { type Core, configuredRules, createCore, marketOf } from "./core.ts";
import { recordFact } from "./facts.ts";
import { renderTrade } from "./gateways/native/render/markets.ts";
import type { KeyTerms } from "./keys.ts";
import { createMetrics, createObservation, type Observation } from "./observation.ts";
import type { MarketFeed } from "./participants/feed-source.ts";
import { createProduction, type Production } from "./production.ts";
import { readState } from "./recovery/exchange-views.ts";
import { type ReplayProgress, repeatJournal } from "./recovery/replay.ts";
import { createSnapshotKeeper } from "./recovery/snapshots.ts";
import { dataDirOf, openWorld, type WorldStorage } from "./recovery/world-storage.ts";
import { findInstrument } from "./symbols.ts";
import { type DemoAccess, findDemo, setUpWorld } from "./world/setup.ts";

export interface ExchangeSimulatorOptions {
  readonly config: ExchangeConfig;
  readonly logger: RootLogger;
  /** Told once, when the journal failed or a rule of our own was broken: stop the process. */
  readonly onFatal: (error: unknown) => void;
  /** For worlds that must repeat exactly: the demo account's key; else it is made at random. */
  readonly demoKey?: KeyTerms["fixed"];
  /** Asked at the start: prices of a market-data service in this process, instead of a peer's or its own. */
  readonly feed?: () => Promise<MarketFeed>;
  /** Told how far a long repetition of the journal has come. */
  readonly onProgress?: (progress: ReplayProgress) => void;
}

type ShownTrade = ReturnType<typeof renderTrade>;

/** Where a started service is, and what opens its doors. */
export interface ExchangeReady {
  /** `http://127.0.0.1:8085`, without a slash at the end; likewise the others. */
  readonly http: string;
  readonly admin: string;
  readonly ws: string;
  readonly adminToken: string;
  /** Where a made admin token is kept; `undefined` for one that was given. */
  readonly adminTokenFile: string | undefined;
  /** Where the world is kept; `undefined` when it ends with the process. */
  readonly dataDir: string | undefined;
  /** Commands before this start; 0 for a new world. */
  readonly restored: number;
  /** `undefined` when the demo account's key was revoked, or sealed under another secret key. */
  readonly demo: DemoAccess | undefined;
}

const DRAIN_MS = 2_000;
/** How long a new world's start waits for the database in which it may live. */
const REACHED_WITHIN_MS = 3_000;
const HEALTH_INTERVAL_MS = 30_000;
const ADMIN_TOKEN_BYTES = 32;

interface Parts {
  readonly world: WorldStorage;
  readonly core: Core;
  readonly archive: Archive;
  readonly observation: Observation;
  readonly production: Production;
  readonly admin: HttpHost;
  readonly adminToken: string;
}

/**
 * The exchange simulator: one world and its listeners, started and stopped in order. Several may run in
 * one process.
 */
export class ExchangeSimulator {
  readonly #options: ExchangeSimulatorOptions;
  readonly #lifecycle: Lifecycle;
  readonly #parts: Parts;
  #opening: Promise<void> = Promise.resolve();

  /**
   * Opens the world and wires everything: what listens to the exchange does so before its first command.
   *
   * @throws what `openWorld` throws, and StateUnsupported
   */
  static async open(options: ExchangeSimulatorOptions): Promise<ExchangeSimulator> {
    const world = await openWorld(options.config, options.logger);
    try {
      return new ExchangeSimulator(options, await wire(options, world));
    } catch (error) {
      await world.log.close();
      world.close();
      throw error;
    }
  }

  private constructor(options: ExchangeSimulatorOptions, parts: Parts) {
    const { config, logger } = options;
    this.#options = options;
    this.#parts = parts;
    const shutdownTimeoutMs = config.shutdownTimeout / 1_000;
    this.#lifecycle = new Lifecycle({ logger, shutdownTimeoutMs });
  }

  /** The venue's units, for who runs a service in his own process. */
  get exchange(): Core["exchange"] {
    return this.#parts.core.exchange;
  }

  /** The world's clock, for what else lives in this world. */
  get clock(): ControllableClock {
    return this.#parts.core.clock;
  }

  /** The newest trades of a market as everybody may know them, newest first; `undefined` for one that isn't listed. */
  recentTrades(symbol: string, limit: number): readonly ShownTrade[] | undefined {
    const instrument = findInstrument(this.exchange.venue, symbol);
    if (instrument === undefined) return undefined;
    const trades = this.#parts.core.tape.recent(instrument.id, limit);
    return trades.map((trade) => renderTrade(trade, instrument)).reverse();
  }

  /** What opens the admin listener. */
  get adminToken(): string {
    return this.#parts.adminToken;
  }

  /** A connection to the world's embedded database, once it was started; `undefined` where it has none. */
  connectDatabase(): Promise<MessagePort | undefined> {
    return this.#parts.archive.connect();
  }

  /**
   * Resolves when the world trades and its listeners are open. After a rejection `stop` takes down what
   * had started.
   *
   * @throws PortUnavailable when a listener's address is taken, forbidden or not this machine's
   */
  async start(): Promise<ExchangeReady> {
    const { config } = this.#options;
    const { adminToken, world } = this.#parts;
    await this.#recover();
    const restored = this.exchange.venue.sequence;
    const isKnown = world.isComplete || restored > 0 || (await this.#isVacant());
    if (isKnown) await this.#startWorld();
    else this.exchange.keepClosed();
    const admin = await this.#openAdmin();
    const http = await this.#openProduction();
    await this.#register(http);
    if (!isKnown) this.#opening = this.#openLater();
    if (isKnown) await this.#serve();

    const made = config.adminToken === undefined;
    const adminTokenFile = made ? join(dataDirOf(config), "admin-token") : undefined;
    if (adminTokenFile !== undefined) await keepSecret(adminTokenFile, adminToken);
    const ws = http.replace(/^http/, "ws");
    const dataDir = world.directory;
    const demo = findDemo(this.exchange.venue, this.#parts.core.keys);
    return { http, admin, ws, adminToken, adminTokenFile, dataDir, restored, demo };
  }

  /** Takes nothing more, finishes what is under way, and closes. @returns whether all went well */
  async stop(): Promise<boolean> {
    const stopped = this.#lifecycle.stop();
    await this.#opening;
    return stopped;
  }

  /** Brings the exchange to where the journal ends. SQL is not waited for. */
  async #recover(): Promise<void> {
    const { world, core, archive, observation, production } = this.#parts;
    const { logger, onProgress } = this.#options;
    const { exchange } = core;
    await this.#lifecycle.start({ name: "world", stop: () => world.close() });
    observation.health.phase = "recovering";
    await this.#lifecycle.start({
      name: "exchange",
      start: () =>
        repeatJournal({
          exchange,
          views: core.views,
          streams: production.streams,
          last: world.log.lastSequence,
          logger,
          onProgress,
        }),
      stop: async () => {
        core.chaos.close();
        await exchange.close();
        core.clock.stop();
      },
    });
    await this.#lifecycle.start({
      name: "archive",
      start: () => archive.start(),
      stop: () => archive.stop(),
    });
  }

  /**
   * Whether a new world may begin: not while it may live in a database that can't be reached.
   *
   * @throws StorageError `storage_conflict` when the database holds a world
   */
  async #isVacant(): Promise<boolean> {
    const { archive } = this.#parts;
    if (!archive.isElsewhere) return true;
    return Promise.race([archive.opened.then(() => true), wait(REACHED_WITHIN_MS, false)]);
  }

  /** The listeners answer already; the world begins when its database was reached. */
  async #openLater(): Promise<void> {
    const { logger } = this.#options;
    logger.warn("the world waits for its database: commands are refused until it is reached");
    try {
      await this.#parts.archive.opened;
      await this.#startWorld();
      this.exchange.open();
      await this.#serve();
    } catch (error) {
      logger.error("the world could not begin", { error });
    }
  }

  async #register(http: string): Promise<void> {
    const { config, logger } = this.#options;
    const { discovery } = this.#parts.archive;
    if (discovery === undefined) return;
    const { hostname, port } = new URL(http);
    const registry = new Registry({
      discovery,
      service: {
        serviceName: config.service,
        serviceId: config.instance ?? config.service,
        address: config.advertiseHost ?? hostname,
        port: 0,
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

  async #startWorld(): Promise<void> {
    const { world, core, archive } = this.#parts;
    const { config, logger, demoKey } = this.#options;
    const { exchange, keys, chaos, participants } = core;
    const snapshots = createSnapshotKeeper({ world, core, archive, config, logger });
    await this.#lifecycle.start({
      name: "snapshots",
      start: () => snapshots?.start(),
      stop: () => snapshots?.stop(),
    });
    const isNew = !world.isComplete;
    await configureVenue(core, config);
    if (isNew) {
      await setUpWorld({ exchange, keys, ...(demoKey && { demoKey }) });
      await world.complete();
    }
    await this.#lifecycle.start({ name: "facts", start: () => this.#record("started") });
    const endFacts = journalChaos(chaos.record, exchange);
    await this.#lifecycle.start({
      name: "participants",
      start: async () => participants.start(await marketOf(core, this.#options, isNew)),
      stop: async () => {
        participants.stop();
        endFacts();
        await this.#record("stopped");
      },
    });
  }

  #record(what: "started" | "stopped"): Promise<void> {
    const { service, instance, version, seed } = this.#options.config;
    return recordFact(this.exchange, {
      action: `service.${what}`,
      entityType: "service",
      entityId: instance ?? service,
      details: { version, seed },
    });
  }

  #openAdmin(): Promise<string> {
    const { config } = this.#options;
    const address = {
      host: config.adminHost,
      port: adminPortOf(config),
      choice: "--admin-port",
    };
    return this.#open("admin listener", this.#parts.admin, address);
  }

  #openProduction(): Promise<string> {
    const { host, port } = this.#options.config;
    const { production, core } = this.#parts;
    const address = { host, port, choice: "--port" };
    return this.#open("production listener", production.host, address, () => {
      production.streams.close();
      core.entry.close();
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

async function wire(options: ExchangeSimulatorOptions, world: WorldStorage): Promise<Parts> {
  const { config, logger, onFatal } = options;
  const snapshot = world.files?.snapshot;
  const state = snapshot === undefined ? undefined : readState(snapshot.state);
  const metrics = createMetrics(config);
  const store = await createStore({ config, logger, world, metrics });
  const archive = new Archive({ store, logger, onFatal });
  const core = createCore({
    config,
    logger,
    world,
    state,
    olderReplies: archive,
    past: archive,
    onFatal,
  });
  archive.follow(core);
  const observation = createObservation({ config, core, world, archive, metrics, logger });
  const parts = { core, config, observation, logger, archive };
  const adminToken = config.adminToken ?? randomBytes(ADMIN_TOKEN_BYTES).toString("base64url");
  const production = createProduction(parts);
  const { streams } = production;
  const admin = createAdminListener({ ...parts, streams, token: adminToken, onFatal });
  return { world, core, archive, observation, production, admin, adminToken };
}

/** What is configured for the venue comes into force as a command, unless it is already. */
async function configureVenue({ exchange, venue }: Core, config: ExchangeConfig): Promise<void> {
  const rules = configuredRules(config);
  if (isDeepStrictEqual(rules, venue.rules)) return;
  const origin = { actor: "engine", correlationId: "" };
  const { rejection } = await exchange.submit({ kind: "configure_venue", rules }, origin);
  assert(rejection === undefined, "the configuration has only rules that the venue takes");
}
