/** How fast the simulated market is: prices, and trading. `node bench/market.ts --help` */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { duration, timestamp } from "@tse/domain";
import {
  Diffusion,
  type PriceModel,
  REALISTIC_ASSETS,
  type RealisticAsset,
  RealisticMarket,
} from "@tse/market-model";
import { seededRandom } from "@tse/simulation";
import { BUSY_START, measureFlow, measureMany } from "./market-flow.ts";
import { quantile } from "./quantile.ts";
import { say } from "./report.ts";

const HELP = `Usage: node bench/market.ts [options]

  --seconds N   of simulated time in each round of the price layer (200000)
  --flow N      simulated seconds of order flow in each round (1800)
  --many N      simulated seconds of twenty instruments in each round (300)
  --rounds N    counted rounds, contenders by turns (5)
  --seed N      of everything (42)
  --json        print JSON instead of a table
  --help

The price layer of six assets in steps of a second, every price read after each step: the mode realistic, volume
included, beside geometric Brownian motion on the same grid. Then the full order flow of single instruments on the
matching engine, around that price layer in steps of 100 ms, as market simulate --ticks makes it, in the busiest hour of
a day; and that of twenty instruments together, moved on from step to step. All by CPU time of this process.`;

const START = Date.UTC(2026, 0, 5) * 1000;
const SECOND = 1_000_000;
const WARM_UP = 1;
const GOAL_PER_ASSET_SECOND = 0.5;
const GOAL_TIMES = 300;
/** Percent of a core for twenty instruments in real time. */
const GOAL_SHARE = 40;
const FLOWS = ["BTC", "ETH", "SOL"];
const TWENTY = Array.from({ length: 20 }, (_, i) => FLOWS[i % FLOWS.length] as string);

interface Contender {
  readonly name: string;
  readonly open: (seed: number) => PriceModel;
}

interface PriceFigures {
  readonly name: string;
  /** Microseconds for an asset and second: median, fastest, slowest round. */
  readonly median: number;
  readonly fastest: number;
  readonly slowest: number;
  /** Of all prices of the last round: the same on every machine. */
  readonly digest: string;
}

const CONTENDERS: readonly Contender[] = [
  {
    name: "realistic",
    open: (seed) =>
      new RealisticMarket({
        unitOfAccount: "USD",
        assets: REALISTIC_ASSETS,
        step: duration(SECOND),
        start: timestamp(START),
        random: seededRandom(seed),
      }),
  },
  {
    name: "gbm",
    open: (seed) =>
      new Diffusion({
        unitOfAccount: "USD",
        assets: REALISTIC_ASSETS.map(diffusing),
        correlation: () => 0.75,
        step: duration(SECOND),
        start: timestamp(START),
        random: seededRandom(seed),
      }),
  },
];

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "200000" },
    flow: { type: "string", default: "1800" },
    many: { type: "string", default: "300" },
    rounds: { type: "string", default: "5" },
    seed: { type: "string", default: "42" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) say(HELP);
else bench();

function bench(): void {
  const machine = { cpu: cpus()[0]?.model ?? "unknown", node: process.version };
  const [rounds, seed] = [Number(values.rounds), Number(values.seed)];
  const prices = priceLayer(Number(values.seconds), rounds, seed);
  const flows = FLOWS.map((asset) =>
    medianOf(
      rounds,
      () => measureFlow(asset, Number(values.flow), seed),
      (figures) => figures.timesRealTime,
    ),
  );
  const many = medianOf(
    rounds,
    () => measureMany(TWENTY, Number(values.many), seed),
    ({ share }) => share,
  );
  if (values.json) {
    say(JSON.stringify({ machine, prices, flows, many }, null, 2));
    return;
  }
  say(`${machine.cpu}, Node ${machine.node}, median of ${values.rounds} rounds\n`);
  say(
    `price layer, ${REALISTIC_ASSETS.length} assets, microseconds an asset and second (goal ${GOAL_PER_ASSET_SECOND})`,
  );
  for (const { name, median, fastest, slowest, digest } of prices) {
    const times = Math.round(1e6 / (median * REALISTIC_ASSETS.length)).toLocaleString("en");
    say(
      `  ${name.padEnd(10)} ${median.toFixed(3)}  (${fastest.toFixed(3)} to ${slowest.toFixed(3)})` +
        `  all of them ${times} times real time  digest ${digest}`,
    );
  }
  const [realistic, gbm] = prices as [PriceFigures, PriceFigures];
  say(`  realistic costs ${(realistic.median / gbm.median).toFixed(1)} times gbm`);
  const hour = new Date(BUSY_START / 1000).toISOString().slice(0, 16).replace("T", " ");
  say(`\nfull order flow from ${hour} UTC on, one instrument (goal ${GOAL_TIMES} times real time)`);
  for (const { asset, timesRealTime, tradesPerSecond, touchesPerSecond } of flows) {
    say(
      `  ${asset.padEnd(10)} ${timesRealTime.toFixed(0)} times real time` +
        `  (${tradesPerSecond.toFixed(1)} trades, ${touchesPerSecond.toFixed(0)} touches a second)`,
    );
  }
  say(
    `\n${many.instruments} instruments (${FLOWS.join(", ")} by turns) together, in real time: ${(100 * many.share).toFixed(1)} % of a core` +
      ` (goal ${GOAL_SHARE} %), ${many.tradesPerSecond.toFixed(1)} trades a second in all`,
  );
}

function priceLayer(seconds: number, rounds: number, seed: number): PriceFigures[] {
  const taken = CONTENDERS.map(({ name }) => ({ name, times: [] as number[], digest: "" }));
  for (let round = -WARM_UP; round < rounds; round++) {
    for (const [i, { open }] of CONTENDERS.entries()) {
      const entry = taken[i] as (typeof taken)[number];
      const { microseconds, digest } = run(open(seed), seconds);
      if (round >= 0) entry.times.push(microseconds / seconds / REALISTIC_ASSETS.length);
      entry.digest = digest;
    }
  }
  return taken.map(({ name, times, digest }) => {
    times.sort((a, b) => a - b);
    const [median, fastest, slowest] = [0.5, 0, 1].map((share) => quantile(times, share));
    return { name, median, fastest, slowest, digest } as PriceFigures;
  });
}

/** The counted round of median speed. */
function medianOf<Figures>(
  rounds: number,
  measure: () => Figures,
  speed: (figures: Figures) => number,
): Figures {
  const figures: Figures[] = [];
  for (let round = -WARM_UP; round < rounds; round++) {
    const measured = measure();
    if (round >= 0) figures.push(measured);
  }
  figures.sort((a, b) => speed(a) - speed(b));
  return figures[Math.floor(figures.length / 2)] as Figures;
}

function run(model: PriceModel, seconds: number): { microseconds: number; digest: string } {
  const names = REALISTIC_ASSETS.map(({ asset }) => asset);
  const before = process.cpuUsage();
  let digest = 0;
  for (let second = 1; second <= seconds; second++) {
    model.advanceTo(timestamp(START + second * SECOND));
    for (const name of names) {
      digest = (Math.imul(digest, 31) + Math.floor(model.logValue(name) * 1e9)) | 0;
    }
  }
  const { user, system } = process.cpuUsage(before);
  return { microseconds: user + system, digest: (digest >>> 0).toString(16).padStart(8, "0") };
}

function diffusing({ asset, start, lowest, highest, ...rest }: RealisticAsset) {
  const path =
    rest.kind === "moving"
      ? ({ mode: "gbm", volatility: rest.volatility } as const)
      : ({
          mode: "reverting",
          deviation: rest.deviation,
          halfLife: rest.halfLife * SECOND,
        } as const);
  return { asset, start, lowest, highest, path };
}
