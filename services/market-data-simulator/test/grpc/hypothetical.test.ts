import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { MarketDataService, ScenarioType, SimulationType } from "@tse/contracts";
import { GrpcCallFailed, GrpcChannel, type GrpcClient } from "@tse/service-kit";
import { type RunningService, startService } from "../support/running.ts";

const channels: GrpcChannel[] = [];
after(() => {
  for (const channel of channels) channel.close();
});

function clientOf({ grpc }: RunningService): GrpcClient<typeof MarketDataService> {
  const channel = new GrpcChannel(grpc);
  channels.push(channel);
  return channel.client(MarketDataService);
}

async function failureOf(call: Promise<unknown>): Promise<GrpcCallFailed> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof GrpcCallFailed, String(error));
  return error;
}

/** Prices of a scenario that doesn't happen. */
async function pricesOf(
  client: GrpcClient<typeof MarketDataService>,
  request: Parameters<GrpcClient<typeof MarketDataService>["streamScenario"]>[0],
): Promise<number[]> {
  const prices: number[] = [];
  for await (const { price } of client.streamScenario(request)) prices.push(price);
  return prices;
}

type SimulationParameters = NonNullable<
  Parameters<GrpcClient<typeof MarketDataService>["generateSimulation"]>[0]["parameters"]
>;

const parameters = (intensity: number) => ({ intensity, seed: 7n });

describe("StreamScenario", () => {
  it("takes its curve from the price of the moment, one update an interval, and ends", async () => {
    await using service = await startService({ PRICE_MODE: "static" });
    const client = clientOf(service);
    const request = { symbol: "BTC/USD", durationMinutes: 8 };
    const rally = { ...request, scenarioType: ScenarioType.RALLY, parameters: parameters(1.5) };
    const up = await pricesOf(client, rally);
    assert.equal(up.length, 481);
    assert.equal(up[0], 45_000);
    const share = (price: number | undefined) => ((price ?? 0) / 45_000 - 1) * 100;
    assert.ok(Math.abs(share(up[60]) - 17.68) < 0.02, `${share(up[60])}`);
    assert.ok(Math.abs(share(up[240]) - 35.36) < 0.02, `${share(up[240])}`);
    assert.ok(Math.abs(share(up[480]) - 50) < 0.01, `${share(up[480])}`);

    const crash = { ...request, scenarioType: ScenarioType.CRASH, parameters: parameters(2) };
    const down = await pricesOf(client, crash);
    assert.ok(Math.abs(share(down.at(-1)) + 50) < 0.01);
    assert.deepEqual(await pricesOf(client, crash), down);
    assert.equal((await service.api("/prices/BTC-USD")).body.price, "45000.00");
  });

  it("refuses what can't be, by field", async () => {
    await using service = await startService({ PRICE_MODE: "static" });
    const client = clientOf(service);
    const cases = [
      [{ symbol: "BTC/USD", parameters: parameters(2.5) }, "INVALID_ARGUMENT", "intensity"],
      [{ symbol: "BTC/USD", durationMinutes: -1 }, "INVALID_ARGUMENT", "duration_minutes"],
      [
        { symbol: "BTC/USD", scenarioType: 17 as ScenarioType },
        "INVALID_ARGUMENT",
        "scenario_type",
      ],
      [{ symbol: "XRP/USD" }, "NOT_FOUND", ""],
    ] as const;
    for (const [request, status, field] of cases) {
      const failure = await failureOf(pricesOf(client, request));
      assert.equal(failure.status, status, failure.message);
      assert.ok(failure.message.includes(field), failure.message);
    }
  });
});

describe("GenerateSimulation", () => {
  it("makes a series like the symbol's minutes, with metrics that are computed from both", async () => {
    await using service = await startService();
    await service.advance("3h");
    const client = clientOf(service);
    const request = { symbol: "BTC/USD", parameters: { seed: 3n } };
    const reply = await client.generateSimulation(request);
    assert.ok(reply.historicalData.length >= 180, `${reply.historicalData.length}`);
    assert.equal(reply.simulatedData.length, reply.historicalData.length);
    const metrics = reply.similarityMetrics;
    assert.ok((metrics?.correlationCoefficient ?? 0) > 0.8, JSON.stringify(metrics));
    assert.ok((metrics?.confidenceScore ?? 0) > 0.8, JSON.stringify(metrics));
    assert.deepEqual(await client.generateSimulation(request), reply);

    const independent = await client.generateSimulation({
      ...request,
      simulationType: SimulationType.BROWNIAN_MOTION,
    });
    const correlation = independent.similarityMetrics?.correlationCoefficient ?? 1;
    assert.ok(Math.abs(correlation) < 0.3, `${correlation}`);
  });

  it("has its defaults where a parameter is left out, and takes a 0 as a 0", async () => {
    await using service = await startService();
    await service.advance("1h");
    const client = clientOf(service);
    const closesOf = async (parameters?: SimulationParameters) => {
      const request = { symbol: "BTC/USD", ...(parameters && { parameters }) };
      const { historicalData, simulatedData } = await client.generateSimulation(request);
      const closes = (of: readonly { readonly close: number }[]) => of.map(({ close }) => close);
      return { history: closes(historicalData), closes: closes(simulatedData) };
    };
    const usual = await closesOf();
    const said = { volatilityFactor: 1, trendFactor: 1, includeNoise: true, noiseLevel: 0.3 };
    for (const parameters of [{}, said]) assert.deepEqual(await closesOf(parameters), usual);
    for (const parameters of [{ includeNoise: false }, { noiseLevel: 0 }]) {
      const { history, closes } = await closesOf(parameters);
      for (const [i, close] of closes.entries()) {
        assert.ok(Math.abs(close / (history[i] ?? 0) - 1) < 1e-9, JSON.stringify(parameters));
      }
    }
    const { closes: flat } = await closesOf({ volatilityFactor: 0, trendFactor: 0 });
    for (const close of flat) assert.ok(Math.abs(close / (flat[0] ?? 0) - 1) < 1e-9);
  });

  it("needs thirty points, and factors in their ranges", async () => {
    await using service = await startService();
    const client = clientOf(service);
    const early = await failureOf(client.generateSimulation({ symbol: "BTC/USD" }));
    assert.deepEqual([early.status, early.code], ["FAILED_PRECONDITION", "insufficient_history"]);
    await service.advance("1h");
    const request = { symbol: "BTC/USD", parameters: { volatilityFactor: 11 } };
    const wild = await failureOf(client.generateSimulation(request));
    assert.equal(wild.status, "INVALID_ARGUMENT");
    assert.ok(wild.message.includes("volatility_factor"), wild.message);
    const unknown = await failureOf(client.generateSimulation({ symbol: "BTC/USD", dataset: "x" }));
    assert.equal(unknown.status, "INVALID_ARGUMENT");
  });

  it("works on an imported dataset, which is imported once", async () => {
    await using service = await startService();
    const rows = Array.from({ length: 90 }, (_, i) => {
      const price = 100 + Math.sin(i / 7) + (i % 5) / 10;
      return `${1_767_571_200 + 60 * i},${price},${price + 1},${price - 1},${price},${i + 1}`;
    });
    const content = ["timestamp,open,high,low,close,volume", ...rows].join("\n");
    const upload = { name: "mine", symbol: "BTC/USD", content };
    const { status, body } = await service.admin("POST", "/admin/datasets", upload);
    assert.deepEqual([status, body.points, body.interval], [201, 90, "1m"], JSON.stringify(body));
    const again = await service.admin("POST", "/admin/datasets", { ...upload, name: "other" });
    assert.deepEqual([again.status, again.body.name], [200, "mine"]);
    const client = clientOf(service);
    const reply = await client.generateSimulation({ symbol: "BTC/USD", dataset: "mine" });
    assert.equal(reply.historicalData.length, 90);

    const broken = content.replace("1767571320,", "1767571200,");
    const refused = await service.admin("POST", "/admin/datasets", { ...upload, content: broken });
    assert.equal(refused.status, 400);
    assert.match(refused.body.errors[0].message, /line 4/);
    const { body: all } = await service.admin("GET", "/admin/datasets");
    assert.deepEqual(
      all.datasets.map(({ name }: { name: string }) => name),
      ["mine"],
    );
  });
});
