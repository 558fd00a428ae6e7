import { deepEqual } from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after } from "node:test";
import { type Account, duration, type Scope } from "@tse/domain";
import {
  closeHost,
  createHttpHost,
  type HttpHost,
  listen,
  PrometheusMetrics,
  silentLogger,
} from "@tse/service-kit";
import { OrderEntry } from "../../src/entry.ts";
import { errorRenderers } from "../../src/gateways/binance/error-renderer.ts";
import type { BinanceLimits } from "../../src/gateways/binance/limits.ts";
import { binanceRoutes } from "../../src/gateways/binance/routes.ts";
import { type KeyRequest, KeyRing } from "../../src/keys.ts";
import { createRecords } from "../../src/records/records.ts";
import { Statement } from "../../src/views/statement.ts";
import { Tape } from "../../src/views/tape.ts";
import { TransferHistory } from "../../src/views/transfers.ts";
import { TestArchive } from "./archive.ts";
import { startExchange, TEST_ORIGIN, type TestExchangeOptions } from "./exchange.ts";

const running: HttpHost[] = [];
after(() => Promise.all(running.map((app) => closeHost(app, 100))));

export interface BinanceOptions extends TestExchangeOptions {
  readonly limits?: BinanceLimits;
  /** Follows this exchange; nothing is stored when absent. */
  readonly archive?: TestArchive;
  /** So few of each list stay in memory once they are stored; the usual numbers when absent. */
  readonly kept?: number;
}

/** An account and the key that signs for it. */
export interface Trader {
  readonly account: Account;
  readonly keyId: string;
  readonly secret: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into JSON as it comes
  readonly body: any;
}

export interface Request {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  /** Sent as it is. */
  readonly body?: string;
}

export type Params = Readonly<Record<string, string | number | undefined>>;

/** The dialect over HTTP, before an exchange of the default instruments that nobody else trades on. */
export async function startBinance(options: BinanceOptions = {}) {
  const { limits, kept, ...rest } = options;
  const archive = options.archive ?? (await TestArchive.open("memory"));
  const world = await startExchange({ ...rest, finishedKept: kept });
  const { exchange, venue, orders } = world;
  const now = () => exchange.clock.now();
  const keys = new KeyRing(venue, { secretKey: Buffer.alloc(32, 7), now });
  const tape = new Tape(venue, kept);
  exchange.subscribe(tape.record);
  const transfers = new TransferHistory();
  const statement = new Statement(venue);
  for (const view of [transfers, statement]) exchange.subscribe(view.record);
  const records = createRecords({ venue, orders, transfers, statement, tape, past: archive });
  archive.follow({ log: world.log, venue, views: [orders, tape, transfers, statement] });
  const entry = new OrderEntry({
    exchange,
    clock: exchange.clock,
    faults: { interfere: (command) => ({ command, delay: duration(0) }) },
    matchingLatency: duration(0),
  });

  const metrics = new PrometheusMetrics({ constantLabels: { service: "exchange" } });
  const app = createHttpHost({ logger: silentLogger, metrics, errorRenderers });
  const ordersPerSecond = options.venue?.orderRate?.perSecond ?? 0;
  binanceRoutes({ exchange, entry, keys, orders, records, tape, limits, ordersPerSecond })(app);
  const { url } = await listen(app, { host: "127.0.0.1", port: 0, choice: "--port" });
  running.push(app);

  async function request(path: string, sent: Request = {}): Promise<Reply> {
    const response = await fetch(`${url}${path}`, sent);
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === "" ? undefined : JSON.parse(text),
    };
  }

  /** What a signing client adds to its parameters: the time and the signature, last. */
  function signed(params: Params, secret: string): string {
    const all = { timestamp: Math.floor(now() / 1000), ...params };
    const query = textOf(all);
    return `${query}&signature=${createHmac("sha256", secret).update(query).digest("hex")}`;
  }

  return {
    ...world,
    url,
    tape,
    keys,
    request,
    signed,

    get: (path: string, params: Params = {}) => request(`${path}?${textOf(params)}`),

    /** A signed request with everything in the query. */
    as(trader: Trader, method: string, path: string, params: Params = {}): Promise<Reply> {
      const headers = { "X-MBX-APIKEY": trader.keyId };
      return request(`${path}?${signed(params, trader.secret)}`, { method, headers });
    },

    /** A customer with funds and a key. */
    async trader(
      funds: Readonly<Record<string, string>> = {},
      scopes: readonly Scope[] = ["trade"],
      more: Partial<KeyRequest> = {},
    ): Promise<Trader> {
      const account = await world.open(funds);
      const issued = keys.issue({ account: account.number, label: "test", scopes, ...more });
      await exchange.submit(issued.command, TEST_ORIGIN);
      return { account, keyId: issued.keyId, secret: issued.secret };
    },
  };
}

export type TestBinance = Awaited<ReturnType<typeof startBinance>>;

export type Failure = readonly [status: number, code: number, msg: string];

/** Asserts that a reply is this error, in the dialect's form and with nothing more. */
export function answers({ status, body }: Reply, [expected, code, msg]: Failure): void {
  deepEqual([status, body], [expected, { code, msg }]);
}

function textOf(params: Params): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined) query.append(name, String(value));
  }
  return query.toString();
}
