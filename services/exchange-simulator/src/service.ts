import { randomBytes } from "node:crypto";
import { join } from "node:path";
import {
  closeHost,
  type HttpHost,
  Lifecycle,
  type ListenOptions,
  listen,
  type RootLogger,
} from "@tse/service-kit";
import { createAdminListener } from "./admin-listener.ts";
import { adminPortOf, type ExchangeConfig } from "./config.ts";
import { type Core, createCore } from "./core.ts";
import type { KeyRequest } from "./keys.ts";
import { createObservation, type Observation } from "./observation.ts";
import { createProduction, type Production } from "./production.ts";
import { keepSecret } from "./recovery/kept-secret.ts";
import { type DemoAccess, findDemo, setUpWorld } from "./world/setup.ts";

export interface ExchangeSimulatorOptions {
  readonly config: ExchangeConfig;
  readonly logger: RootLogger;
  /** Told once, when the journal failed or a rule of our own was broken: stop the process. */
  readonly onFatal: (error: unknown) => void;
  /** For worlds that must repeat exactly: the demo account's key; else it is made at random. */
  readonly demoKey?: KeyRequest["fixed"];
}

/** Where a started service is, and what opens its doors. */
export interface ExchangeReady {
  /** `http://127.0.0.1:8085`, without a slash at the end; likewise the others. */
  readonly http: string;
  readonly admin: string;
  readonly ws: string;
  readonly adminToken: string;
  /** Where a made admin token is kept; `undefined` for one that was given. */
  readonly adminTokenFile: string | undefined;
  /** `undefined` when the demo account's key was revoked, or sealed under another secret key. */
  readonly demo: DemoAccess | undefined;
}

const DRAIN_MS = 2_000;
const HEALTH_INTERVAL_MS = 30_000;
const ADMIN_TOKEN_BYTES = 32;

/**
 * The exchange simulator: one world and its listeners, started and stopped in order. Several may run in
 * one process.
 */
export class ExchangeSimulator {
  readonly #options: ExchangeSimulatorOptions;
  readonly #lifecycle: Lifecycle;
  readonly #core: Core;
  readonly #observation: Observation;
  readonly #production: Production;
  readonly #admin: HttpHost;
  readonly #adminToken: string;

  /** Wires everything: what listens to the exchange does so before its first command. */
  constructor(options: ExchangeSimulatorOptions) {
    const { config, logger } = options;
    const core = createCore(options);
    const observation = createObservation(config, core, logger);
    const parts = { core, config, observation, logger };
    this.#options = options;
    this.#core = core;
    this.#observation = observation;
    this.#adminToken = config.adminToken ?? randomBytes(ADMIN_TOKEN_BYTES).toString("base64url");
    this.#production = createProduction(parts);
    const { streams } = this.#production;
    this.#admin = createAdminListener({
      ...parts,
      streams,
      token: this.#adminToken,
      onFatal: options.onFatal,
    });
    const shutdownTimeoutMs = config.shutdownTimeout / 1_000;
    this.#lifecycle = new Lifecycle({ logger, shutdownTimeoutMs });
  }

  /** The venue's units, for who runs a service in his own process. */
  get exchange(): Core["exchange"] {
    return this.#core.exchange;
  }

  /**
   * Resolves when the world trades and its listeners are open. After a rejection `stop` takes down what
   * had started.
   *
   * @throws PortUnavailable when a listener's address is taken, forbidden or not this machine's
   */
  async start(): Promise<ExchangeReady> {
    const { config } = this.#options;
    const demo = await this.#startWorld();
    const adminToken = this.#adminToken;
    const admin = await this.#openAdmin();
    const http = await this.#openProduction();
    await this.#serve();

    const made = config.adminToken === undefined;
    const adminTokenFile = made ? join(dataDirOf(config), "admin-token") : undefined;
    if (adminTokenFile !== undefined) await keepSecret(adminTokenFile, adminToken);
    return { http, admin, ws: http.replace(/^http/, "ws"), adminToken, adminTokenFile, demo };
  }

  /** Takes nothing more, finishes what is under way, and closes. @returns whether all went well */
  stop(): Promise<boolean> {
    return this.#lifecycle.stop();
  }

  async #startWorld(): Promise<DemoAccess | undefined> {
    const { exchange, keys, clock, chaos, participants } = this.#core;
    const { demoKey } = this.#options;
    await this.#lifecycle.start({
      name: "exchange",
      start: () => exchange.replay(),
      stop: async () => {
        chaos.close();
        await exchange.close();
        clock.stop();
      },
    });
    await setUpWorld({ exchange, keys, ...(demoKey && { demoKey }) });
    await this.#lifecycle.start({
      name: "participants",
      start: () => participants.start(),
      stop: () => participants.stop(),
    });
    return findDemo(exchange.venue, keys);
  }

  #openAdmin(): Promise<string> {
    const { config } = this.#options;
    const address = {
      host: config.adminHost,
      port: adminPortOf(config),
      choice: "--admin-port",
    };
    return this.#open("admin listener", this.#admin, address);
  }

  #openProduction(): Promise<string> {
    const { host, port } = this.#options.config;
    const address = { host, port, choice: "--port" };
    return this.#open("production listener", this.#production.host, address, () => {
      this.#production.streams.close();
      this.#core.entry.close();
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
    const { health } = this.#observation;
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

function dataDirOf({ dataDir, instance, service }: ExchangeConfig): string {
  return dataDir ?? join(".tse", instance ?? service);
}
