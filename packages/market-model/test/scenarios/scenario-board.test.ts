import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { duration } from "@tse/domain";
import { CALM, ScenarioBoard } from "@tse/market-model";
import {
  ASSETS,
  after,
  definition,
  HOUR,
  MINUTE,
  NEUTRAL,
  readingOf,
  recorded,
  SECOND,
  START,
  starting,
} from "./worlds.ts";

const drop = (change: number, assets: "*" | string[] = "*") =>
  ({
    on: "price",
    assets,
    path: { path: "move", change, after: 0, over: 10 * MINUTE, shape: "linear" },
  }) as const;

const wild = { on: "volatility", assets: "*", course: { course: "constant", times: 4 } } as const;

describe("ScenarioBoard", () => {
  it("is neutral before anything starts", () => {
    const { board } = recorded();
    assert.deepEqual(readingOf(board, "BTC"), NEUTRAL);
    assert.deepEqual(readingOf(CALM, "BTC"), NEUTRAL);
    assert.equal(board.active, false);
  });

  it("moves prices along the path, and keeps what was reached at the end", () => {
    const { board, perform } = recorded();
    perform(starting(definition([drop(-0.2)])));
    board.advanceTo(after(5 * MINUTE));
    assert.equal(board.shift("BTC"), -0.1);
    board.advanceTo(after(2 * HOUR));
    assert.equal(board.shift("BTC"), -0.2);
    board.advanceTo(after(2 * HOUR + SECOND));
    assert.equal(board.shift("BTC"), -0.2);
    assert.equal(board.active, false);
  });

  it("leaves stablecoins out of *, unless they are asked for", () => {
    const { board, perform } = recorded();
    perform(starting(definition([drop(-0.2)])));
    perform(starting(definition([drop(-0.01)]), { id: "two", assets: ["USDT"] }));
    board.advanceTo(after(HOUR));
    assert.equal(board.shift("USDT"), -0.01);
    assert.equal(board.shift("ETH"), -0.2);
  });

  it("adds log returns and multiplies multipliers of scenarios that run together", () => {
    const { board, perform } = recorded();
    perform(starting(definition([drop(-0.2), wild])));
    perform(starting(definition([drop(0.1, ["BTC"]), wild]), { id: "two" }));
    board.advanceTo(after(10 * MINUTE));
    assert.equal(board.shift("BTC"), -0.1);
    assert.equal(board.shift("ETH"), -0.2);
    assert.equal(board.volatility("BTC"), 16);
  });

  it("exempts what it moves from a halt while it runs, unless it is to respect that", () => {
    const { board, perform } = recorded();
    perform(starting(definition([drop(-0.2, ["BTC"])])));
    perform(starting(definition([wild]), { id: "two", assets: ["ETH"], respectHalt: true }));
    assert.deepEqual(
      ["BTC", "ETH", "SOL"].map((asset) => board.exempts(asset, board.time)),
      [true, false, false],
    );
    board.advanceTo(after(HOUR + SECOND));
    assert.equal(board.exempts("BTC", after(HOUR + 1)), false);
    assert.equal(board.exempts("ETH", after(0)), false);
  });

  it("exempts to the moment at which it ended, and with its volatility until that is released", () => {
    const { board, perform } = recorded();
    perform(starting(definition([drop(-0.2, ["BTC"])])));
    perform(starting(definition([wild]), { id: "two", assets: ["ETH"] }));
    board.advanceTo(after(MINUTE + 5));
    perform({ kind: "clear", at: board.time });
    for (const second of [61, 62, 119, 120, 121]) board.advanceTo(after(second * SECOND));
    assert.equal(board.exempts("BTC", after(MINUTE)), true);
    assert.equal(board.exempts("BTC", after(MINUTE + SECOND)), false);
    assert.equal(board.exempts("ETH", after(2 * MINUTE)), true);
    assert.equal(board.exempts("ETH", after(2 * MINUTE + SECOND)), false);
  });

  it("gives back its share of the move after the hold", () => {
    const recovery = { share: 0.6, hold: 10 * MINUTE, time: 20 * MINUTE, shape: "linear" } as const;
    const { board, perform } = recorded();
    perform(starting(definition([{ ...drop(-0.2), recovery }])));
    board.advanceTo(after(20 * MINUTE));
    assert.equal(board.shift("BTC"), -0.2);
    board.advanceTo(after(30 * MINUTE));
    assert.ok(Math.abs(board.shift("BTC") + 0.14) < 1e-12);
    board.advanceTo(after(3 * HOUR));
    assert.ok(Math.abs(board.shift("BTC") + 0.08) < 1e-12);
  });

  it("leaves prices where they are when stopped, and releases multipliers in the stated time", () => {
    const { board, perform } = recorded();
    perform(starting(definition([drop(-0.2), wild])));
    board.advanceTo(after(5 * MINUTE));
    perform({ kind: "stop", id: "run", at: board.time });
    assert.equal(board.shift("BTC"), -0.1);
    assert.equal(board.volatility("BTC"), 4);
    board.advanceTo(after(5 * MINUTE + 30 * SECOND));
    assert.equal(board.volatility("BTC"), 2);
    assert.equal(board.active, true);
    board.advanceTo(after(6 * MINUTE));
    assert.deepEqual(readingOf(board, "BTC"), [-0.1, ...NEUTRAL.slice(1)]);
    assert.equal(board.active, false);
  });

  it("replaces a run at one moment, and clears all", () => {
    const { board, perform, events } = recorded();
    perform(starting(definition([drop(-0.2)])));
    perform({ ...starting(definition([drop(0.3)])), kind: "replace", at: after(5 * MINUTE) });
    assert.equal(board.shift("BTC"), -0.1);
    board.advanceTo(after(15 * MINUTE));
    assert.ok(Math.abs(board.shift("BTC") - 0.2) < 1e-12);
    perform({ kind: "clear", at: after(16 * MINUTE) });
    assert.deepEqual(board.running(), []);
    assert.deepEqual(
      events.map(({ event, reason }) => reason ?? event),
      ["started", "phase", "replaced", "started", "phase", "cleared"],
    );
  });

  it("tells phases and ends at their own times, in order, however far it moves on", () => {
    const phases = [
      { name: "fall", at: 0 },
      { name: "bottom", at: 10 * MINUTE },
    ];
    const { board, perform, events } = recorded();
    perform(starting(definition([drop(-0.2)], { phases })));
    perform(starting(definition([wild], { phases, duration: 30 * MINUTE }), { id: "two" }));
    board.advanceTo(after(2 * HOUR));
    assert.deepEqual(
      events.map((e) => `${(e.time - START) / MINUTE} ${e.id} ${e.phase ?? e.reason ?? e.event}`),
      [
        "0 run started",
        "0 run fall",
        "0 two started",
        "0 two fall",
        "10 run bottom",
        "10 two bottom",
        "30 two completed",
        "60 run completed",
      ],
    );
    const truth = events[0]?.assets.find(({ asset }) => asset === "BTC");
    assert.equal(truth?.originalPrice?.toFixed(6), "100.000000");
    assert.equal(truth?.targetPrice?.toFixed(3), "81.873");
    assert.deepEqual(
      [truth?.buildup, truth?.manipulation, truth?.recovery],
      [10 * MINUTE, 10 * MINUTE, 0],
    );
    assert.equal(events[0]?.seed, "7");
    assert.deepEqual(
      events[0]?.phases?.map(({ at }) => at),
      [START, after(10 * MINUTE)],
    );
  });

  it("tells how long a price is led away, and how long it is given back", () => {
    const recovery = { share: 1, hold: 5 * MINUTE, time: 20 * MINUTE, shape: "linear" } as const;
    const points = [
      [0, 0],
      [10 * MINUTE, -0.3],
      [40 * MINUTE, -0.1],
    ] as const;
    const frames = { path: "keyframes", curve: "linear", points } as const;
    const { perform, events, board } = recorded();
    perform(
      starting(
        definition([
          { ...drop(-0.2, ["BTC"]), recovery },
          { on: "price", assets: ["ETH"], path: frames },
          { ...wild, assets: ["SOL"] },
        ]),
      ),
    );
    const stages = events[0]?.assets.map(({ asset, buildup, manipulation, recovery: back }) => [
      asset,
      ...[buildup, manipulation, back].map((time) => time / MINUTE),
    ]);
    assert.deepEqual(stages, [
      ["BTC", 10, 15, 20],
      ["ETH", 10, 10, 30],
      ["SOL", 0, 60, 0],
    ]);
    assert.deepEqual(board.started(), [events[0]]);
  });

  it("moves to a price, and pulls the market's noise out by the time it is there", () => {
    const path = { path: "target", price: 150, after: 0, over: HOUR, shape: "linear" } as const;
    const bridge = definition([{ on: "price", assets: ["BTC"], path }], { pinned: true });
    const { board, perform } = recorded();
    perform(starting(bridge));
    let [price, before] = [Math.log(100), 0];
    for (let step = 1; step <= 3600; step++) {
      board.advanceTo(after(step * SECOND));
      const shift = board.shift("BTC");
      price += shift - before + (step % 2 === 0 ? 1e-3 : -9e-4);
      price += board.pull("BTC", price, duration(SECOND));
      before = shift;
    }
    assert.ok(Math.abs(price - Math.log(150)) < 1e-9);
    board.advanceTo(after(2 * HOUR));
    assert.equal(board.pull("BTC", price, duration(SECOND)), 0);
  });

  it("pulls to where the price stood, by half in a half-life, whatever other scenarios do", () => {
    const pull = { on: "pull", assets: ["BTC"], halfLife: 10 * SECOND } as const;
    const { board, perform } = recorded();
    perform(starting(definition([drop(-0.2)])));
    board.advanceTo(after(5 * MINUTE));
    perform(starting(definition([pull]), { id: "two", at: board.time }));
    board.advanceTo(after(10 * MINUTE));
    const noise = 0.02;
    const price = Math.log(100) - 0.1 + noise;
    assert.ok(Math.abs(board.pull("BTC", price, duration(10 * SECOND)) + noise / 2) < 1e-12);
  });

  it("sets loadings so that every pair has the correlation, in and out by a transition", () => {
    const broken = {
      on: "loading",
      assets: ["BTC", "ETH", "SOL"],
      rule: "correlation",
      value: 0.25,
      transition: 10 * MINUTE,
    } as const;
    const { board, perform } = recorded();
    perform(starting(definition([broken])));
    assert.equal(board.loading("BTC", 0.9), 0.9);
    board.advanceTo(after(5 * MINUTE));
    assert.equal(board.loading("BTC", 0.9), 0.7);
    board.advanceTo(after(30 * MINUTE));
    assert.equal(board.loading("BTC", 0.9) * board.loading("ETH", 0.935), 0.25);
    assert.equal(board.loading("DOT", 0.8), 0.8);
    board.advanceTo(after(HOUR));
    assert.equal(board.loading("BTC", 0.9), 0.9);
  });

  it("turns loadings round in a divergence", () => {
    const against = { on: "loading", assets: ["ETH"], rule: "multiple", value: -1, transition: 0 };
    const { board, perform } = recorded();
    perform(starting(definition([against as never])));
    board.advanceTo(after(MINUTE));
    assert.equal(board.loading("ETH", 0.9), -0.9);
  });

  it("names the feed faults in force", () => {
    const frozen = {
      on: "feed",
      assets: ["BTC"],
      fault: "freeze",
      source: "feed",
      at: MINUTE,
      lasts: 30 * SECOND,
      size: 0,
    } as const;
    const { board, perform } = recorded();
    perform(starting(definition([frozen])));
    assert.deepEqual(board.feedFaults(), []);
    board.advanceTo(after(MINUTE));
    assert.equal(board.feedFaults()[0]?.fault, "freeze");
    board.advanceTo(after(MINUTE + 30 * SECOND));
    assert.deepEqual(board.feedFaults(), []);
  });

  it("goes on after a restart from its saved state, through JSON", () => {
    const recovery = { share: 0.5, hold: 0, time: 20 * MINUTE, shape: "exponential" } as const;
    const { board, perform } = recorded();
    perform(starting(definition([{ ...drop(-0.2), recovery }, wild], { pinned: true })));
    perform(starting(definition([drop(0.1)], { duration: 10 * MINUTE }), { id: "two" }));
    board.advanceTo(after(12 * MINUTE));
    const state = JSON.parse(JSON.stringify(board.state()));
    const again = new ScenarioBoard({ assets: ASSETS, time: board.time, state });
    for (const time of [15, 25, 59, 60.5, 70]) {
      board.advanceTo(after(time * MINUTE));
      again.advanceTo(after(time * MINUTE));
      for (const asset of ASSETS)
        assert.deepEqual(readingOf(again, asset), readingOf(board, asset));
    }
  });
});

describe("ScenarioBoard refuses", () => {
  const refusal = (request: Parameters<ScenarioBoard["plan"]>[0], board = recorded().board) => {
    const before = JSON.stringify(board.state());
    const planned = board.perform(request);
    assert.equal(JSON.stringify(board.state()), before, "nothing is half done");
    return planned.status === "refused" ? `${planned.refusal.code} ${planned.refusal.field}` : "";
  };

  it("what lies in the past, has no run, or has one already", () => {
    const { board, perform } = recorded();
    perform(starting(definition([wild])));
    board.advanceTo(after(MINUTE));
    assert.equal(refusal(starting(definition([wild])), board), "in_the_past at");
    assert.equal(
      refusal(starting(definition([wild]), { at: board.time }), board),
      "scenario_exists id",
    );
    assert.equal(refusal({ kind: "stop", id: "no", at: board.time }, board), "no_such_scenario id");
    assert.equal(
      refusal(
        { ...starting(definition([wild]), { id: "no", at: board.time }), kind: "replace" },
        board,
      ),
      "no_such_scenario id",
    );
  });

  it("parameters outside their range, and assets that the world has not", () => {
    const of = (more: object) => refusal(starting(definition([drop(-0.2)]), more));
    assert.equal(of({ intensity: -1 }), "invalid_parameter intensity");
    assert.equal(of({ intensity: Number.NaN }), "invalid_parameter intensity");
    assert.equal(of({ scale: 101 }), "invalid_parameter scale");
    assert.equal(of({ timeFactor: 0 }), "invalid_parameter timeFactor");
    assert.equal(of({ id: "" }), "invalid_parameter id");
    assert.equal(of({ assets: ["XYZ"] }), "no_asset assets");
    assert.equal(refusal(starting(definition([drop(-0.2, ["XYZ"])]))), "no_asset assets");
  });

  it("a pinned path for an asset whose price it isn't told", () => {
    const pinned = definition([drop(-0.2)], { pinned: true });
    assert.equal(
      refusal(starting(pinned, { logPrice: () => undefined })),
      "price_unknown logPrice",
    );
  });

  it("what goes too far or takes too long", () => {
    const of = (limits: object) => refusal(starting(definition([drop(Math.log(0.7))]), { limits }));
    assert.equal(of({ maxDeviation: 0.25 }), "price_deviation_too_large effects");
    const half = { limits: { maxDeviation: 0.25 }, intensity: 0.5 };
    const planned = recorded().board.plan(starting(definition([drop(Math.log(0.7))]), half));
    assert.equal(planned.status, "accepted");
    assert.equal(of({ maxDuration: MINUTE }), "scenario_too_long duration");
  });

  it("a definition with a fault, naming field and rule", () => {
    const early = definition([drop(-0.2)], { duration: MINUTE });
    const planned = recorded().board.plan(starting(early));
    assert.deepEqual(planned.status === "refused" && planned.refusal, {
      code: "invalid_definition",
      field: "effects.0.path",
      rule: "a price path, recovery included, ends before the scenario does",
    });
  });
});
