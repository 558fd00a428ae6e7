import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { duration } from "@tse/domain";
import {
  type Effect,
  FEED_FAULTS,
  MULTIPLIED,
  PATH_SHAPES,
  SCENARIO_KINDS,
  ScenarioBoard,
  type ScenarioDefinition,
} from "@tse/market-model";
import { seededRandom } from "@tse/simulation";
import { readScenario } from "../../src/scenarios/read-scenario.ts";
import { after, MINUTE, START } from "../support/feeds.ts";

const text = readFileSync(new URL("../../../../docs/scenarios.md", import.meta.url), "utf8");
const blocks = [...text.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);

const HEAD = "format: 1\nname: shown\nkind: preset\ntitle: As shown\nduration: 3h\neffects:\n";

function read(yaml: string): ScenarioDefinition {
  const reading = readScenario(yaml);
  assert.equal(reading.status, "read", JSON.stringify(reading));
  return (reading as Extract<typeof reading, { status: "read" }>).definition;
}

/** The effects of each example that isn't a whole scenario. */
const shown = blocks
  .filter((block) => !block.startsWith("format"))
  .map((block) => read(HEAD + block.replaceAll(/^/gm, "  ")).effects);

const shownOn = <On extends Effect["on"]>(on: On) =>
  shown.flat().filter((effect): effect is Extract<Effect, { on: On }> => effect.on === on);

/** A world at the prices of the page, under the page's examples of one kind. */
function under(effects: readonly Effect[]): ScenarioBoard {
  const assets = ["BTC", "ETH", "SOL", "ADA", "DOT"];
  const board = new ScenarioBoard({ assets, time: START });
  const planned = board.perform({
    kind: "start",
    id: "shown",
    definition: { ...read(`${HEAD}  - { on: pull, assets: [BTC], half_life: 1m }`), effects },
    at: START,
    random: seededRandom(1),
    logPrice: (asset) => Math.log(asset === "ADA" ? 0.5 : 100),
  });
  assert.equal(planned.status, "accepted", JSON.stringify(planned));
  return board;
}

const at = (board: ScenarioBoard, minute: number): ScenarioBoard => {
  board.advanceTo(after(minute * MINUTE));
  return board;
};

const near = (seen: number, said: number) =>
  assert.ok(Math.abs(seen / said - 1) < 1e-4, `${seen}, not ${said}`);

describe("The page on scenarios", () => {
  it("shows a whole scenario that can be read", () => {
    const whole = blocks.filter((block) => block.startsWith("format"));
    assert.equal(whole.length, 1);
    assert.equal(read(whole[0] as string).name, "my_crash");
  });

  it("has an example of every kind of effect, path, course, rule and fault", () => {
    const kinds = (of: readonly string[]) => [...new Set(of)].sort();
    const all = shown.flat();
    assert.deepEqual(
      kinds(all.map(({ on }) => on)),
      kinds(["price", "pull", "loading", "feed", ...MULTIPLIED]),
    );
    assert.deepEqual(
      kinds(shownOn("price").map(({ path }) => path.path)),
      kinds(["move", "keyframes", "target"]),
    );
    assert.deepEqual(
      kinds(all.flatMap((effect) => ("course" in effect ? [effect.course.course] : []))),
      kinds(["constant", "ramp", "aftershock"]),
    );
    assert.deepEqual(
      kinds(shownOn("loading").map(({ rule }) => rule)),
      kinds(["correlation", "multiple"]),
    );
    assert.deepEqual(kinds(shownOn("feed").map(({ fault }) => fault)), kinds(FEED_FAULTS));
    for (const name of [...SCENARIO_KINDS, ...PATH_SHAPES]) {
      assert.ok(text.includes(`\`${name}\``), name);
    }
  });

  it("says what its paths come to", () => {
    const board = under(shownOn("price"));
    const price = (asset: string, start: number) => start * Math.exp(board.shift(asset));
    near(price("ETH", 2_500), 2_500);
    at(board, 5);
    near(price("ETH", 2_500), 2_236.07);
    at(board, 10);
    near(price("BTC", 45_000), 42_690.75);
    near(price("ETH", 2_500), 2_000);
    at(board, 20);
    near(price("BTC", 45_000), 40_500);
    at(board, 50);
    near(price("BTC", 45_000), 42_690.75);
    at(board, 60);
    near(price("ETH", 2_500), 2_375);
    at(board, 120);
    near(price("ADA", 0.5), 0.45);
  });

  it("says what its multipliers, pull and loadings come to", () => {
    const board = under(MULTIPLIED.flatMap((on) => shownOn(on)));
    near(at(board, 5).volatility("BTC"), 3);
    near(board.depth("BTC"), 0.5);
    near(at(board, 10).volatility("BTC"), 9);
    near(board.jumpRate("BTC"), 5);
    near(board.volume("BTC"), 3);
    assert.ok(board.spread("DOT") > 2 && board.spread("DOT") < 4);
    near(at(board, 25).volatility("BTC"), 5);
    near(board.depth("BTC"), 0.25);
    near(at(board, 60).depth("BTC"), 1);

    const pulled = under(shownOn("pull"));
    near(pulled.pull("SOL", Math.log(100) + 0.02, duration(15 * MINUTE)), -0.01);
    near(pulled.pull("SOL", Math.log(100) + 0.02, duration(30 * MINUTE)), -0.015);

    const loaded = at(under(shownOn("loading")), 20);
    near(loaded.loading("BTC", 0.9) * loaded.loading("ETH", 0.9), 0.2);
    near(loaded.loading("DOT", 0.8), -0.8);
  });
});
