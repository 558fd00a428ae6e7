import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MarketDataService } from "@tse/contracts";
import { GrpcChannel } from "@tse/service-kit";
import { CRASH } from "../support/crash.ts";
import {
  archived,
  type Json,
  openSocket,
  openSse,
  type RunningService,
  startService,
} from "../support/running.ts";

/** What an operator may do to a world, none of which shows but in prices. */
const DOINGS: readonly (readonly [method: string, path: string, body: unknown])[] = [
  ["POST", "/admin/scenarios", { yaml: CRASH }],
  ["POST", "/admin/faults", { effect: "duplicate", parameters: { probability: 1 } }],
  [
    "POST",
    "/chaos/price-shock",
    {
      symbol: "BTC/USD",
      shock_percentage: -15,
      duration_seconds: 60,
      pattern: "sudden_drop",
      recovery_time_seconds: 60,
    },
  ],
  [
    "POST",
    "/chaos/feed-disruption",
    { source: "coingecko", packet_loss_percentage: 100, duration_seconds: 60 },
  ],
  ["PUT", "/admin/sources/binance", { price_factor: 1.02 }],
  ["POST", "/admin/prices/SOL-USD", { price: "101" }],
  [
    "POST",
    "/admin/datasets",
    { name: "two", symbol: "BTC/USD", content: "timestamp,price\n1767571200,1\n1767571201,2\n" },
  ],
  ["DELETE", "/chaos/clear-all", undefined],
];

/** These say how something is; of all other fields only the kind of value counts. */
const WORDS = ["source", "state", "status"];

/** What fields there are, and of which kind. */
function shapeOf(value: Json, name = ""): Json {
  if (Array.isArray(value)) return value.map((each) => shapeOf(each));
  if (typeof value !== "object" || value === null) {
    return WORDS.includes(name) ? value : typeof value;
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shapeOf(each, key)]));
}

/** Names and labels of all series but those about the process. */
function seriesOf(text: string): readonly string[] {
  const samples = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return samples
    .map((line) => line.slice(0, line.lastIndexOf(" ")))
    .filter((series) => !/^(nodejs|process)_/.test(series))
    .sort();
}

/** One client of each protocol, and everything that clients are told. */
async function clientsOf(service: RunningService) {
  const socket = await openSocket(`${service.ws}/api/v1/ws`);
  const channels = [{ channel: "price", symbol: "BTC/USD" }];
  await socket.ask({ op: "subscribe", channels });
  const sse = await openSse(`${service.http}/api/v1/stream/prices?symbols=BTC`);
  await sse.next();
  const channel = new GrpcChannel(service.grpc);
  const market = channel.client(MarketDataService);
  const updates = market.streamPrices({ symbols: ["BTC/USD"] })[Symbol.asyncIterator]();
  const fromSse = async (sequence: number): Promise<Json> => {
    for (;;) {
      const { data } = await sse.next();
      if (data.data.sequence === sequence) return data;
    }
  };
  const fromGrpc = async (sequence: number): Promise<Json> => {
    for (;;) {
      const { value } = await updates.next();
      if (Number(value.sequence) === sequence) return value;
    }
  };
  const told = async (): Promise<Json> => {
    await service.advance("40s");
    await archived(service);
    const paths = ["/symbols", "/prices", "/prices/BTC", "/health", "/ready", "/errors"];
    const replies = await Promise.all(paths.map(async (path) => (await service.api(path)).body));
    const { sequence } = replies[2];
    const ticks = {
      websocket: (await socket.until("price", sequence)).at(-1),
      sse: await fromSse(sequence),
      grpc: await fromGrpc(sequence),
    };
    const metrics = await fetch(`${service.http}/metrics`);
    return {
      replies: shapeOf(replies),
      ticks: shapeOf(ticks),
      metrics: seriesOf(await metrics.text()),
      documentation: (await service.api("/openapi.json")).body,
    };
  };
  const close = () => {
    socket.close();
    sse.close();
    channel.close();
  };
  return { told, close };
}

/** Series that one has and the other hasn't. */
function difference(one: readonly string[], other: readonly string[]): readonly string[] {
  return [...new Set(one).symmetricDifference(new Set(other))];
}

describe("The production listener", () => {
  it("shows no trace of what operators do but its prices", async () => {
    await using service = await startService({ PRICE_MODE: "static,ETH/USD=consensus" });
    const { told, close } = await clientsOf(service);
    // The second time nothing is new any more that clients do themselves.
    await told();
    const { metrics: before, ...rest } = await told();
    for (const [method, path, wish] of DOINGS) {
      const { status, body } = await service.admin(method, path, wish);
      assert.ok(status === 200 || status === 201, `${path}: ${JSON.stringify(body)}`);
      const { metrics, ...others } = await told();
      assert.deepEqual(difference(metrics, before), [], path);
      assert.deepEqual(others, rest, path);
    }
    // Figures of series that were there before would tell as much.
    const { body: all } = await service.admin("GET", "/metrics");
    const operators = /repository="(audit|scenarioRun|dataset)"|route="\/(admin|chaos)/;
    assert.match(all, operators);
    for (const series of before) assert.doesNotMatch(series, operators);
    close();
  });
});
