import { type Account, type Duration, duration, type Scope } from "@tse/domain";
import type { CommandLog } from "@tse/journal";
import {
  closeHost,
  createHttpHost,
  type FieldError,
  Health,
  listen,
  PrometheusMetrics,
  RateLimiter,
  silentLogger,
} from "@tse/service-kit";
import { seededRandom } from "@tse/simulation";
import { Chaos } from "../../src/chaos/chaos.ts";
import { refuseDuringDowntime } from "../../src/chaos/maintenance.ts";
import { OrderEntry } from "../../src/entry.ts";
import { nativeRoutes } from "../../src/gateways/native/native-routes.ts";
import { postedRenderer } from "../../src/gateways/native/posted.ts";
import { IdempotentReplies } from "../../src/idempotency/idempotent-replies.ts";
import type { ReplyRenderer } from "../../src/idempotency/kept-reply.ts";
import { KeyRing } from "../../src/keys.ts";
import { createRecords } from "../../src/records/records.ts";
import { Streams } from "../../src/streams/streams.ts";
import { FeedStates } from "../../src/views/feed-states.ts";
import { Statement } from "../../src/views/statement.ts";
import { Tape } from "../../src/views/tape.ts";
import { TransferHistory } from "../../src/views/transfers.ts";
import { TestArchive } from "./archive.ts";
import { startExchange, TEST_ORIGIN, type TestExchangeOptions } from "./exchange.ts";

export interface ProductionOptions {
  /** One with entries is replayed, as after a crash. */
  readonly log?: CommandLog;
  readonly matchingLatency?: Duration;
  readonly chaosEnabled?: boolean;
  readonly messagesPerSecond?: number;
  readonly heartbeatMs?: number;
  readonly flushMs?: number;
  /** True when absent. */
  readonly openSignup?: boolean;
  /** Of each key; no limit when absent. */
  readonly requestsPerMinute?: number;
  readonly venue?: TestExchangeOptions["venue"];
  /** Follows this exchange; nothing is stored when absent. */
  readonly archive?: TestArchive;
  /** So few of each list stay in memory once they are stored; the usual numbers when absent. */
  readonly kept?: number;
}

const MINUTE = duration(60_000_000);

/** Whatever JSON an answer holds: tests say by their assertions what they expect. */
// biome-ignore lint/suspicious/noExplicitAny: each assertion states the shape that it expects
export type Json = any;

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
}

/** A test exchange with everything a client can reach over the network, on a port of its own. */
export async function startProduction(options: ProductionOptions = {}) {
  const { log, venue: rules } = options;
  const world = await startExchange({
    ...(log === undefined ? {} : { log }),
    ...(rules === undefined ? {} : { venue: rules }),
    finishedKept: options.kept,
  });
  const { exchange, clock, venue, orders } = world;
  const keys = new KeyRing(venue, { secretKey: Buffer.alloc(32, 7), now: () => clock.now() });
  const tape = new Tape(venue, options.kept);
  const feeds = new FeedStates();
  const transfers = new TransferHistory(options.kept);
  const statement = new Statement(venue, options.kept);
  const metrics = new PrometheusMetrics({ constantLabels: { service: "test" }, runtime: false });
  const chaos = new Chaos({
    clock,
    names: venue,
    random: seededRandom(42).fork("chaos"),
    enabled: options.chaosEnabled ?? true,
    defaultLength: duration(300_000_000),
  });
  const entry = new OrderEntry({
    exchange,
    clock,
    faults: chaos,
    matchingLatency: options.matchingLatency ?? duration(0),
  });
  const archive = options.archive ?? (await TestArchive.open("memory"));
  const records = createRecords({ venue, orders, transfers, statement, tape, past: archive });
  const streams = new Streams({
    exchange,
    entry,
    orders,
    records,
    feeds,
    tape,
    keys,
    faults: chaos,
    metrics,
    logger: silentLogger,
    flushMs: options.flushMs ?? 1,
    messagesPerSecond: options.messagesPerSecond,
    ...(options.heartbeatMs === undefined ? {} : { heartbeatMs: options.heartbeatMs }),
  });
  const replies = repliesOf(postedRenderer({ venue, orders, feeds }), options);
  const views = [feeds, tape, transfers, statement, replies, streams];
  for (const view of views) exchange.subscribe(view.record);
  if (venue.sequence === 0) await exchange.replay();
  streams.recovered();
  archive.follow({ log: world.log, venue, views: [orders, tape, transfers, statement, replies] });

  const health = new Health({
    service: "exchange-simulator",
    instance: "test",
    version: "0",
    environment: "test",
    clock,
    logger: silentLogger,
  });
  health.phase = "serving";
  const host = createHttpHost({ logger: silentLogger, metrics });
  host.addHook("onRequest", refuseDuringDowntime(chaos));
  host.addHook("preClose", async () => streams.close());
  let handled = 0;
  host.addHook("preHandler", async () => {
    handled += 1;
  });
  host.server.on("upgrade", streams.upgrade);
  nativeRoutes({
    exchange,
    entry,
    keys,
    orders,
    feeds,
    replies,
    records,
    tape,
    health,
    openSignup: options.openSignup ?? true,
    limiter:
      options.requestsPerMinute === undefined
        ? undefined
        : new RateLimiter(clock, { limit: options.requestsPerMinute, window: MINUTE }),
    version: "0",
    more: [(app) => streams.routes(app)],
  })(host);
  const { url } = await listen(host, { host: "127.0.0.1", port: 0, choice: "--port" });

  return {
    ...world,
    keys,
    records,
    feeds,
    replies,
    tape,
    transfers,
    statement,
    metrics,
    chaos,
    entry,
    streams,
    health,
    url,
    wsUrl: `${url.replace("http", "ws")}/api/v1/ws`,

    /** A key of the account, as it goes after `Bearer`. */
    async keyOf(account: Account, scopes: readonly Scope[] = ["trade"]): Promise<string> {
      const issued = keys.issue({ account: account.number, label: "test", scopes });
      await exchange.submit(issued.command, TEST_ORIGIN);
      return `${issued.keyId}.${issued.secret}`;
    },

    request: (method: string, path: string, more: RequestOptions = {}) =>
      send(`${url}${path}`, method, more),

    /** Requests that got as far as their handler. */
    get handled(): number {
      return handled;
    },

    /** Closes what listens, and leaves the exchange where it is: its journal answers no more. */
    async abandon(): Promise<void> {
      entry.close();
      host.server.closeAllConnections();
      await closeHost(host, 0);
    },

    async [Symbol.asyncDispose]() {
      chaos.close();
      entry.close();
      await closeHost(host, 2_000);
      await exchange.close();
      await archive[Symbol.asyncDispose]();
    },
  };
}

function repliesOf(render: ReplyRenderer, { archive, kept }: ProductionOptions) {
  const bound = kept === undefined ? {} : { maxReplies: kept };
  return new IdempotentReplies({ render, older: archive, ...bound });
}

export type Production = Awaited<ReturnType<typeof startProduction>>;

export interface RequestOptions {
  readonly key?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function send(url: string, method: string, more: RequestOptions): Promise<Reply> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(more.key === undefined ? {} : { authorization: `Bearer ${more.key}` }),
      ...(more.body === undefined ? {} : { "content-type": "application/json" }),
      ...more.headers,
    },
    ...(more.body === undefined ? {} : { body: JSON.stringify(more.body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") === true;
  return {
    status: response.status,
    headers: response.headers,
    body: isJson && text !== "" ? JSON.parse(text) : text,
  };
}

/** The fields that a problem complains about, each with the rule it breaks. */
export function faultsOf({ body }: Reply): readonly string[] {
  return ((body.errors ?? []) as FieldError[]).map(({ field, rule }) => `${field}: ${rule}`);
}
