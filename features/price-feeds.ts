import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Line, TalkingProcess } from "./talking-process.ts";

/** What a risk monitor was sent, as it prints it. */
export interface Update {
  readonly event: "update";
  readonly symbol: string;
  readonly price: number;
  readonly priceDecimal: string;
  readonly sequence: number;
  readonly skipped: number;
}

type MonitorLine =
  | Update
  | { readonly event: "subscribed"; readonly resumeAfter: string }
  | { readonly event: "lost"; readonly code: string; readonly message: string }
  | { readonly event: "gave up"; readonly message: string };

interface Listening extends Line {
  readonly http: string;
  readonly grpc: string;
  readonly admin: string;
}

type Environment = Readonly<Record<string, string>>;

const SERVICE = "services/market-data-simulator/src/main.ts";
const MONITOR = "features/risk-monitor-process.ts";
const PROTO = fileURLToPath(
  new URL("../packages/contracts/proto/marketdata/market_data.proto", import.meta.url),
);

const ADMIN_TOKEN = "the-token-of-these-tests";
const OPERATOR = { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" };

/** A market-data service with ten prices a second of a symbol, as a process of its own that may crash. */
export class MarketDataProcess implements AsyncDisposable {
  readonly #directory: string;
  readonly #environment: Environment;
  #process: TalkingProcess<Listening>;
  #listening: Listening;

  static async start(more: Environment = {}): Promise<MarketDataProcess> {
    const directory = await mkdtemp(join(tmpdir(), "market-data-"));
    const environment = { ...ENVIRONMENT, DATA_DIR: directory, ...more };
    const process = run(environment, ["--port", "0"]);
    return new MarketDataProcess(environment, process, await listening(process));
  }

  private constructor(
    environment: Environment & { readonly DATA_DIR: string },
    process: TalkingProcess<Listening>,
    ready: Listening,
  ) {
    this.#directory = environment.DATA_DIR;
    this.#environment = environment;
    this.#process = process;
    this.#listening = ready;
  }

  /** `127.0.0.1:8086:9096`, as other services are told where it is. */
  get peer(): string {
    const { hostname, port } = new URL(this.#listening.http);
    return `${hostname}:${port}:${this.grpc.split(":").at(-1)}`;
  }

  /** Moves its clock on, which stands still. */
  async advance(by: string): Promise<void> {
    await this.#operate("/admin/clock/advance", { by });
  }

  /** One price beside the path. */
  async publish(symbol: string, price: string): Promise<void> {
    await this.#operate(`/admin/prices/${encodeURIComponent(symbol)}`, { price });
  }

  /** `127.0.0.1:9096` */
  get grpc(): string {
    return this.#listening.grpc;
  }

  /** Ends it in the middle of whatever it does. */
  async crash(): Promise<void> {
    await this.#process.kill();
  }

  /** Starts it where it was: the same directory, the same ports. */
  async startAgain(): Promise<void> {
    const { http, grpc, admin } = this.#listening;
    const [port, grpcPort, adminPort] = [http, grpc, admin].map((url) => url.split(":").at(-1)!);
    const ports = ["--port", port!, "--grpc-port", grpcPort!, "--admin-port", adminPort!];
    this.#process = run(this.#environment, ports);
    this.#listening = await listening(this.#process);
  }

  /** Prices over REST by their sequence, all that are kept. */
  async history(symbol: string): Promise<Map<number, string>> {
    const path = `${this.#listening.http}/api/v1/prices/${encodeURIComponent(symbol)}/history`;
    const prices = new Map<number, string>();
    let cursor: string | null = "";
    while (cursor !== null) {
      const more = cursor === "" ? "" : `&cursor=${cursor}`;
      const answer = await fetch(`${path}?limit=500${more}`);
      const { ticks, nextCursor } = (await answer.json()) as History;
      for (const { sequence, price } of ticks) prices.set(sequence, price);
      cursor = nextCursor;
    }
    return prices;
  }

  async #operate(path: string, body: object): Promise<void> {
    const url = `${this.#listening.admin}${path}`;
    const request = { method: "POST", headers: OPERATOR, body: JSON.stringify(body) };
    const answer = await fetch(url, request);
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.crash();
    await rm(this.#directory, { recursive: true });
  }
}

interface History {
  readonly ticks: readonly { readonly sequence: number; readonly price: string }[];
  readonly nextCursor: string | null;
}

/** A subscriber to prices, as a process of its own. */
export class RiskMonitor implements AsyncDisposable {
  readonly #process: TalkingProcess<MonitorLine>;

  /** @param intervalMs how often it wants an update of a symbol; 0 for each tick */
  constructor(market: MarketDataProcess, symbols: readonly string[], intervalMs: number) {
    const argv = [PROTO, market.grpc, symbols.join(","), String(intervalMs)];
    this.#process = new TalkingProcess(MONITOR, argv, {});
  }

  /** What came so far, in the order in which it came. */
  updates(symbol: string): readonly Update[] {
    return this.#process.lines.filter(
      (line): line is Update => line.event === "update" && line.symbol === symbol,
    );
  }

  /** What it resumed behind, each time that it subscribed. */
  get subscriptions(): readonly number[] {
    return this.#process.lines.flatMap((line) =>
      line.event === "subscribed" ? [Number(line.resumeAfter)] : [],
    );
  }

  /** Until it has so many updates. */
  async has(symbol: string, count: number): Promise<void> {
    await this.#process.until(() => this.updates(symbol).length >= count);
  }

  /** Until it has this sequence or one behind it. */
  async reaches(symbol: string, sequence: number): Promise<void> {
    await this.#process.until(() => (this.updates(symbol).at(-1)?.sequence ?? 0) >= sequence);
  }

  /** Until it knows that its stream is broken. */
  async losesTheFeed(): Promise<void> {
    await this.#process.until((lines) => lines.some(({ event }) => event === "lost"));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#process.kill();
  }
}

const ENVIRONMENT = {
  ADMIN_TOKEN,
  STORE: "memory",
  PRICE_UPDATE_INTERVAL: "100ms",
  LOG_LEVEL: "error",
};

function run(environment: Environment, argv: readonly string[]): TalkingProcess<Listening> {
  return new TalkingProcess(SERVICE, argv, environment);
}

async function listening(process: TalkingProcess<Listening>): Promise<Listening> {
  const isReady = ({ event }: Line) => event === "listening";
  await process.until((lines) => lines.some(isReady));
  return process.lines.find(isReady)!;
}
