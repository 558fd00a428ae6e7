import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Timestamp, timestamp } from "@tse/domain";
import type { ScenarioCommand, ScenarioDefinition } from "@tse/market-model";
import { seededRandom } from "@tse/simulation";
import fc from "fast-check";
import type { Feed } from "../../src/feed/feed.ts";
import type { Intervention } from "../../src/feed/intervention.ts";
import type { Tick } from "../../src/feed/tick.ts";
import type { ModeTerms } from "../../src/modes/mode-terms.ts";
import { newFeed, plain, SECOND, START, ticksOf } from "../support/feeds.ts";
import { candleRows, MINUTES_A_DAY, OLD, refOf, replayOf, shelfOf } from "./datasets.ts";

const datasets = shelfOf({ day: candleRows(MINUTES_A_DAY), hour: candleRows(60) });

const POINTS = 600;
/** Of these the newest are compared. */
const COMPARED = 20;

const symbol = fc.constantFrom("BTC/USD", "ETH/USD", "SOL/USD", "USDT/USD");
const replayId = fc.constantFrom("a", "b", "c");

const replay = fc
  .record({
    id: replayId,
    speed: fc.constantFrom(0.1, 1, 10, 100),
    loop: fc.boolean(),
    align: fc.constantFrom("absolute" as const, "rebase" as const),
  })
  .map((more) => replayOf("hour", more));

const terms: fc.Arbitrary<ModeTerms> = fc.oneof(
  fc
    .constantFrom("realistic", "gbm", "static", "fixed-spread", "consensus")
    .map((mode) => ({ mode })),
  fc.constant({ mode: "bootstrap" as const, dataset: refOf("day") }),
  replay,
) as fc.Arbitrary<ModeTerms>;

const action = fc.oneof(
  fc.constantFrom("pause", "resume", "stop").map((each) => ({ action: each })),
  fc.nat(3_000).map((second) => ({ action: "seek", to: timestamp(OLD + second * SECOND) })),
);

const fault = fc.record({
  loss: fc.constantFrom(0, 0.5, 1),
  delay: fc.constantFrom(0, 2 * SECOND),
  factor: fc.constantFrom(1, 0.7, 1.02),
});

/** What happens, all but when; a scenario by its length in grid points. */
const event = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("mode"), symbol, terms }) },
  {
    weight: 2,
    arbitrary: fc
      .record({ id: replayId, action })
      .map(({ id, action: how }) => ({ kind: "replay", id, ...how })),
  },
  fc.record({
    kind: fc.constant("source"),
    source: fc.constantFrom("binance", "coingecko"),
    symbols: symbol.map((each) => [each]),
    fault,
  }),
  fc.record({ kind: fc.constantFrom("halt", "resume"), symbol }),
  fc.record({ kind: fc.constant("scenario"), symbol, pinned: fc.boolean() }),
);

interface Planned {
  readonly at: number;
  readonly kind: string;
  readonly symbol?: string;
  readonly pinned?: boolean;
}

const world = fc.record({
  mode: fc.constantFrom("realistic" as const, "gbm" as const, "static" as const),
  interval: fc.constantFrom(100_000, SECOND, 7 * SECOND, 20 * SECOND),
  modes: fc.dictionary(fc.constantFrom("BTC", "ETH", "SOL"), terms, { maxKeys: 3 }),
  events: fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), event), {
    minLength: 5,
    maxLength: 14,
  }),
});

function scenarioOf(
  { symbol: of = "", pinned = false }: Planned,
  step: number,
): ScenarioDefinition {
  const [asset = ""] = of.split("/");
  const path = { path: "move", change: -0.1, after: 0, over: 50 * step, shape: "linear" } as const;
  return {
    name: "fall",
    kind: "crash",
    title: "Fall",
    pinned,
    phases: [],
    duration: 100 * step,
    release: 10 * step,
    effects: [
      { on: "price", assets: [asset], path },
      { on: "volatility", assets: [asset], course: { course: "constant", times: 2 } },
      {
        on: "feed",
        assets: [asset],
        fault: "loss",
        source: "coingecko",
        at: 0,
        lasts: 60 * step,
        size: 0.5,
      },
    ],
  };
}

function commandOf(feed: Feed, plan: Planned, id: string): ScenarioCommand {
  const planned = feed.scenarios.plan({
    kind: "start",
    id,
    definition: scenarioOf(plan, feed.interval),
    at: timestamp(plan.at),
    random: seededRandom(id),
    logPrice: (asset) => feed.logPrice(asset),
  });
  assert(planned.status === "accepted");
  return planned.command;
}

type World = typeof world extends fc.Arbitrary<infer Each> ? Each : never;

const startOf = ({ mode, interval, modes }: World): Feed =>
  newFeed({ mode, interval, modes, datasets });

/** In steps of any length. @returns its ticks, and what a record has of it */
function livedThrough(chosen: World) {
  const { interval, events } = chosen;
  const feed = startOf(chosen);
  const ticks = ticksOf(feed);
  const record: Intervention[] = [];
  const until = (time: number) => {
    for (let at = feed.time + 3.7 * interval; at < time; at += 13.7 * interval) {
      feed.advanceTo(timestamp(Math.floor(at)));
    }
    feed.advanceTo(timestamp(time));
  };
  const plans = events
    .map(
      ([share, each]): Planned => ({ ...each, at: START + Math.floor(share * POINTS * interval) }),
    )
    .sort((a, b) => a.at - b.at);
  feed.begin();
  for (const [i, plan] of plans.entries()) {
    until(plan.at);
    const command = plan.kind === "scenario" ? { command: commandOf(feed, plan, `${i}`) } : {};
    const intervention = { ...plan, ...command } as unknown as Intervention;
    record.push(intervention);
    feed.apply(intervention);
  }
  until(START + POINTS * interval);
  return { ticks, record };
}

/** Up to `from` without its ticks, and on from there. @returns the ticks since */
function madeAgain(
  chosen: World,
  record: readonly Intervention[],
  from: Timestamp,
  how: "passTo" | "skipTo",
): readonly Tick[] {
  const feed = startOf(chosen);
  for (const each of record.filter(({ at }) => at <= from)) {
    feed[how](each.at);
    feed.apply(each);
  }
  feed[how](from);
  const ticks = ticksOf(feed);
  for (const each of record.filter(({ at }) => at > from)) feed.apply(each);
  feed.advanceTo(timestamp(START + POINTS * chosen.interval));
  return ticks;
}

describe("A path", () => {
  it("is made again whatever happened to it: lived through, passed over, or skipped", () => {
    const property = fc.property(world, (chosen) => {
      const from = timestamp(START + (POINTS - COMPARED) * chosen.interval);
      const { ticks, record } = livedThrough(chosen);
      const newest = (all: readonly Tick[]) =>
        all.filter((tick) => tick.timestamp > from).map(plain);
      for (const how of ["passTo", "skipTo"] as const) {
        assert.deepEqual(newest(madeAgain(chosen, record, from, how)), newest(ticks), how);
      }
    });
    fc.assert(property, { numRuns: 6 });
  });
});
