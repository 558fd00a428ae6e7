import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { duration, timestamp } from "@tse/domain";
import {
  type ConsensusEvent,
  ConsensusModel,
  type ConsensusModelOptions,
  ReplayModel,
  SIMULATED_SOURCES,
  SimulatedSource,
  type SimulatedSourceShape,
} from "@tse/market-model";
import { seededRandom } from "@tse/simulation";

const SECOND = 1_000_000;
const START = Date.UTC(2026, 0, 5) * 1000;
const at = (second: number) => timestamp(START + second * SECOND);

/** A market whose price is given for seconds of its life. */
function marketOf(prices: Readonly<Record<number, number>>): ReplayModel {
  const seconds = Object.keys(prices).map(Number);
  return new ReplayModel({
    asset: "BTC",
    unitOfAccount: "USD",
    series: {
      time: Float64Array.from(seconds, at),
      price: Float64Array.from(Object.values(prices)),
      volume: Float64Array.from(seconds, () => 1),
    },
    align: "absolute",
    step: duration(SECOND),
    start: at(0),
  });
}

function given(
  prices: Readonly<Record<number, number>>,
  options: Partial<ConsensusModelOptions> = {},
) {
  const events: [second: number, event: ConsensusEvent][] = [];
  const model = new ConsensusModel({
    unitOfAccount: "USD",
    assets: [{ asset: "BTC", lowest: 1000, highest: 200_000, haltThreshold: 0.2 }],
    market: marketOf(prices),
    sources: SIMULATED_SOURCES,
    step: duration(SECOND),
    random: seededRandom(1),
    onEvent: (_, time, event) => events.push([(time - START) / SECOND, event]),
    ...options,
  });
  const after = (second: number) => {
    model.advanceTo(at(second));
    return Math.exp(model.logValue("BTC"));
  };
  const state = () => model.result("BTC")?.state;
  return { model, events, after, state };
}

describe("ConsensusModel", () => {
  it("follows the market within the sources' noise", () => {
    const { model, after, state } = given({ 0: 45_000, 100: 45_500 });
    assert.ok(Math.abs(after(0) / 45_000 - 1) < 1e-12);
    for (let second = 3; second < 100; second++) {
      assert.ok(Math.abs(after(second) / 45_000 - 1) < 1e-3);
      assert.equal(state(), "live");
    }
    assert.ok(Math.abs(after(110) / 45_500 - 1) < 1e-3);
    assert.ok((model.result("BTC")?.confidence ?? 0) > 0.8);
    assert.equal(model.logValue("USD"), 0);
    assert.throws(() => model.logValue("ETH"), /knows the asset/);
    assert.equal(model.fairLogValue("BTC"), Math.log(45_500));
  });

  it("takes the same path in one advance as in many, for a seed", () => {
    const pathOf = (seed: number, step: number) => {
      const { model, events, after } = given({ 0: 45_000 }, { random: seededRandom(seed) });
      for (let second = 0; second <= 300; second += step) after(second);
      return { log: model.logValue("BTC"), result: model.result("BTC"), events };
    };
    assert.deepEqual(pathOf(1, 1), pathOf(1, 300));
    assert.notEqual(pathOf(1, 300).log, pathOf(2, 300).log);
  });

  it("drops a source that is wrong, and is less sure", () => {
    const { model, events, after } = given({ 0: 45_000 });
    after(30);
    const before = model.result("BTC")?.confidence ?? 0;
    model.disturb("BTC", "binance", { factor: 1.05 });
    assert.ok(Math.abs(after(60) / 45_000 - 1) < 1e-3);
    const result = model.result("BTC");
    assert.deepEqual(result?.dropped, [{ source: "binance", reason: "outlier" }]);
    assert.ok((result?.confidence ?? 1) < before - 0.1);
    model.disturb("BTC", "binance");
    after(90);
    assert.equal(model.result("BTC")?.used.length, 3);
    assert.ok(events.some(([, { kind }]) => kind === "source_used"));
    assert.throws(() => model.disturb("BTC", "kraken"), /knows the source/);
  });

  it("fails over when a source is lost, and has a stale price without any", () => {
    const { model, events, after, state } = given({ 0: 45_000 });
    after(10);
    model.disturb("BTC", "coingecko", { loss: 1 });
    after(50);
    const failover = events.find(([, { kind }]) => kind === "failover");
    assert.deepEqual(failover?.[1], { kind: "failover", from: "coingecko", to: "coinmarketcap" });
    assert.deepEqual(
      model.sources("BTC").map(({ source, priority, failovers }) => [source, priority, failovers]),
      [
        ["coingecko", 1, 1],
        ["coinmarketcap", 2, 0],
        ["binance", 3, 0],
      ],
    );
    const [lost, leader] = model.sources("BTC");
    assert.deepEqual([lost?.dropped, lost?.weight], ["stale", 0]);
    assert.ok(leader !== undefined && leader.weight > 0 && leader.dropped === undefined);
    assert.ok(leader.latency >= 120_000 && leader.latency <= 180_000, `${leader.latency}`);
    assert.ok(Math.abs((leader.quote?.price ?? 0) / 45_000 - 1) < 1e-3);
    assert.ok((failover?.[0] ?? 0) >= 40 && (failover?.[0] ?? 0) <= 43);
    for (const { name } of SIMULATED_SOURCES) model.disturb("BTC", name, { loss: 1 });
    const last = after(100);
    assert.deepEqual([state(), model.state("BTC")], ["stale", "stale"]);
    assert.ok(Math.abs(last / 45_000 - 1) < 1e-3);
  });

  it("halts at a move of 25 %, and resumes when the sources agree for 60 s", () => {
    const { events, after, state } = given({ 0: 45_000, 100: 33_750 });
    after(100);
    assert.equal(state(), "live");
    assert.ok(Math.abs(after(105) / 45_000 - 1) < 1e-3);
    assert.equal(state(), "halted");
    const [second] = events.find(([, { kind }]) => kind === "halted") ?? [];
    assert.ok(second !== undefined && second <= 103);
    assert.ok(Math.abs(after(150) / 45_000 - 1) < 1e-3);
    assert.ok(Math.abs(after(170) / 33_750 - 1) < 1e-3);
    assert.equal(state(), "live");
    const [again] = events.find(([, { kind }]) => kind === "resumed") ?? [];
    assert.ok(again !== undefined && again >= second + 60 && again <= second + 70);
  });

  it("resumes by the operator's word, and lets a scenario's move pass", () => {
    const { model, after, state } = given({ 0: 45_000, 100: 33_750 });
    assert.equal(model.state("BTC"), "live");
    after(110);
    assert.equal(model.state("BTC"), "halted");
    model.resume("BTC");
    assert.equal(model.state("BTC"), "live");
    assert.ok(Math.abs(after(111) / 33_750 - 1) < 1e-3);
    assert.equal(state(), "live");

    const exempt = given({ 0: 45_000, 100: 33_750 }, { exempts: () => true });
    assert.ok(Math.abs(exempt.after(115) / 33_750 - 1) < 1e-3);
    assert.equal(exempt.state(), "live");
  });

  it("lets an exempt move pass that a source says late, but not what sources make of it", () => {
    const exempts = (_: string, since: number) => since === at(99);
    const { model, events, after, state } = given({ 0: 45_000, 100: 63_000 }, { exempts });
    after(60);
    const late = { delay: duration(20 * SECOND) };
    for (const { name } of SIMULATED_SOURCES) model.disturb("BTC", name, late);
    assert.ok(Math.abs(after(118) / 45_000 - 1) < 1e-3);
    assert.ok(Math.abs(after(140) / 63_000 - 1) < 1e-3);
    assert.equal(state(), "live");
    for (const { name } of SIMULATED_SOURCES) {
      model.disturb("BTC", name, { ...late, factor: 1.25 });
    }
    after(170);
    assert.equal(state(), "halted");
    assert.deepEqual(
      events.flatMap(([, { kind }]) => (kind === "halted" ? [kind] : [])),
      ["halted"],
    );
  });

  it("is the market itself until a first source is heard, and then goes on from there", () => {
    const { model, after, state } = given({ 0: 45_000, 10: 90_000 });
    for (const { name } of SIMULATED_SOURCES) model.disturb("BTC", name, { loss: 1 });
    assert.equal(after(0), Math.exp(Math.log(45_000)));
    assert.deepEqual([model.confidence("BTC"), model.state("BTC")], [1, "live"]);
    assert.ok(Math.abs(after(20) / 90_000 - 1) < 1e-12);
    assert.deepEqual([model.confidence("BTC"), model.state("BTC")], [1, "live"]);
    for (const { name } of SIMULATED_SOURCES) model.disturb("BTC", name, { factor: 1.25 });
    after(25);
    assert.equal(state(), "halted");
    assert.ok(Math.abs(after(30) / 90_000 - 1) < 1e-12);
  });
});

describe("SimulatedSource", () => {
  const SHAPE: SimulatedSourceShape = {
    name: "one",
    priority: 1,
    interval: duration(2 * SECOND),
    noise: 0,
    delay: duration(3 * SECOND),
    jitter: duration(0),
    loss: 0,
    volumeShare: 0.5,
  };

  it("looks at its own pace, and is heard after its delay", () => {
    const source = new SimulatedSource(SHAPE, seededRandom(1));
    const heard: string[] = [];
    for (let second = 0; second < 8; second++) {
      source.observe(at(second), 100 + second, 4);
      for (const quote of source.take(at(second))) {
        heard.push(`${second}: ${quote.price} of ${(quote.at - START) / SECOND}, ${quote.volume}`);
      }
    }
    assert.deepEqual(heard, ["3: 100 of 0, 2", "5: 102 of 2, 2", "7: 104 of 4, 2"]);
  });

  it("loses its share, and a fault changes no other draw", () => {
    const quotesOf = (loss: number, disturbed: (second: number) => boolean) => {
      const shape = { ...SHAPE, interval: duration(SECOND), loss, noise: 0.01 };
      const source = new SimulatedSource(shape, seededRandom(3));
      for (let second = 0; second < 2000; second++) {
        source.disturb(disturbed(second) ? { loss: 1 } : undefined);
        source.observe(at(second), 100, 1);
      }
      return source.take(at(5000));
    };
    const usual = quotesOf(0.25, () => false);
    assert.ok(Math.abs(usual.length / 2000 - 0.75) < 0.03, `${usual.length}`);
    const faulty = quotesOf(0.25, (second) => second < 1000);
    assert.deepEqual(
      faulty,
      usual.filter((quote) => quote.at >= at(1000)),
    );
  });

  it("hands quotes on in the order in which they arrive, however late they are", () => {
    const shape = { ...SHAPE, interval: duration(SECOND), jitter: duration(10 * SECOND) };
    const source = new SimulatedSource(shape, seededRandom(3));
    const whole: number[] = [];
    for (let second = 0; second < 100; second++) {
      source.observe(at(second), 100, 1);
      whole.push(...source.take(at(second)).map((quote) => quote.at));
    }
    assert.notDeepEqual(
      whole,
      [...whole].sort((a, b) => a - b),
    );
    whole.push(...source.take(at(200)).map((quote) => quote.at));
    assert.equal(new Set(whole).size, 100);
  });
});
