import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { seededRandom } from "@tse/simulation";
import { Connection } from "./connection.ts";
import {
  ADMIN_TOKEN,
  type ExchangeProcess,
  type StartOptions,
  startExchange,
} from "./exchange-process.ts";
import { TORTURED } from "./killed-world.ts";
import { Load } from "./load.ts";
import { Members } from "./members.ts";
import { checkInvariants, checkStorage, isOpen, untilStorage } from "./service-checks.ts";

const CLIENTS = 8;
/** Trade for the whole of an outage, and leave the machine to others. */
const PACE_MS = 20;
const READINESS_LIMIT_MS = 30_000;
const LOOK_EVERY_MS = 100;

/** One exchange in a process of its own, with clients, while something about it breaks. */
export class TradedWorld implements AsyncDisposable {
  readonly members: Members;
  readonly #options: StartOptions;
  readonly #dataDir: string;
  #exchange: ExchangeProcess;
  #admin: Connection;
  #loads = 0;

  private constructor(
    started: { readonly exchange: ExchangeProcess; readonly members: Members },
    options: StartOptions,
    dataDir: string,
  ) {
    this.#exchange = started.exchange;
    this.members = started.members;
    this.#admin = new Connection(started.exchange.admin, ADMIN_TOKEN);
    this.#options = options;
    this.#dataDir = dataDir;
  }

  /** Ready, with its clients' accounts open and its history stored so far. */
  static async open(given: StartOptions): Promise<TradedWorld> {
    const dataDir = await mkdtemp(join(tmpdir(), "outage-"));
    const environment = {
      ...TORTURED,
      CLOCK_MODE: "real",
      DATA_DIR: dataDir,
      ...given.environment,
    };
    const options = { ...given, environment };
    const exchange = await startExchange(options);
    try {
      const members = await Members.open(exchange, CLIENTS);
      const world = new TradedWorld({ exchange, members }, options, dataDir);
      await world.untilStored();
      return world;
    } catch (error) {
      await exchange.end("SIGKILL");
      throw error;
    }
  }

  get admin(): Connection {
    return this.#admin;
  }

  get exchange(): ExchangeProcess {
    return this.#exchange;
  }

  load(): Load {
    this.#loads += 1;
    const random = seededRandom(`load ${this.#loads}`);
    return new Load(this.#exchange, this.members.clients, random, PACE_MS);
  }

  /** Resolves when SQL has everything that was done so far, and every backend answers. */
  async untilStored(): Promise<void> {
    const { sequence } = await this.#admin.ask<{ readonly sequence: number }>(
      "GET",
      "/admin/state",
    );
    await untilStorage(
      this.#admin,
      (status) => isOpen(status) && status.projection.position >= sequence,
    );
  }

  /** Resolves when the exchange says that it is `ready` or `degraded`; it looks itself every few seconds. */
  async untilReadiness(wanted: "ready" | "degraded"): Promise<void> {
    const native = new Connection(this.#exchange.http, "");
    const end = performance.now() + READINESS_LIMIT_MS;
    try {
      for (;;) {
        const { text } = await native.send({ method: "GET", path: "/api/v1/ready" });
        if (JSON.parse(text).status === wanted) return;
        if (performance.now() > end) throw new Error(`it isn't ${wanted}: ${text}`);
        await pause(LOOK_EVERY_MS);
      }
    } finally {
      native.close();
    }
  }

  async kill(): Promise<void> {
    this.#admin.close();
    await this.#exchange.end("SIGKILL");
  }

  async restart(): Promise<void> {
    this.#exchange = await startExchange(this.#options);
    this.#admin = new Connection(this.#exchange.admin, ADMIN_TOKEN);
  }

  /** What happens meanwhile; a failure says what the exchange said of it. */
  async during<Result>(task: () => Promise<Result>): Promise<Result> {
    try {
      return await task();
    } catch (cause) {
      throw new Error(`the exchange said: ${this.#exchange.lastWords()}`, { cause });
    }
  }

  /** Stands still from now on. @returns everything that isn't as it has to be */
  async findings(): Promise<readonly string[]> {
    await this.#admin.ask("PUT", "/admin/clock", { mode: "virtual" });
    await this.untilStored();
    const compared = await this.members.compare(this.#exchange);
    return [
      ...compared,
      ...(await checkInvariants(this.#admin)),
      ...(await checkStorage(this.#admin)),
    ];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.#dataDir, { recursive: true, force: true });
  }
}
