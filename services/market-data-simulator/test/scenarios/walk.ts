import { type Duration, duration, timestamp } from "@tse/domain";
import { ScenarioBoard, type ScenarioDefinition } from "@tse/market-model";
import { seededRandom } from "@tse/simulation";

const MINUTE = 60_000_000;
const YEAR = 365 * 86_400_000_000;
export const START = timestamp(Date.UTC(2026, 0, 5) * 1000);

/** Standard deviation of a year's log return of the walk beside the scenario. */
const VOLATILITY: Readonly<Record<string, number>> = {
  BTC: 0.5,
  ETH: 0.68,
  SOL: 0.92,
  ADA: 0.9,
  DOT: 0.88,
  USDT: 0.02,
  USDC: 0.02,
};
const ASSETS = Object.keys(VOLATILITY);

/** One asset's log price relative to its start, a value a step, and its multipliers. */
export interface Walked {
  readonly path: Float64Array;
  readonly depth: Float64Array;
  readonly volatility: Float64Array;
}

/** Plays a scenario on an overlay, and a Gaussian walk with it unless `noise` is false. */
export function walk(
  definition: ScenarioDefinition,
  seed: number,
  noise = true,
  step: Duration = duration(MINUTE / 6),
): ReadonlyMap<string, Walked> {
  const board = new ScenarioBoard({ assets: ASSETS, stablecoins: ["USDT", "USDC"], time: START });
  const random = seededRandom(seed);
  const planned = board.perform({
    kind: "start",
    id: definition.name,
    definition,
    at: START,
    random: random.fork("scenario"),
    logPrice: () => 0,
  });
  if (planned.status === "refused") throw new Error(JSON.stringify(planned.refusal));

  const [run] = board.running();
  const steps = Math.floor((run?.start.scenario.duration ?? 0) / step);
  const walks = new Map(
    ASSETS.map((asset) => [
      asset,
      {
        path: new Float64Array(steps + 1),
        depth: new Float64Array(steps + 1).fill(1),
        volatility: new Float64Array(steps + 1).fill(1),
        random: random.fork(asset),
        shift: 0,
      },
    ]),
  );
  for (let i = 1; i <= steps; i++) {
    board.advanceTo(timestamp(START + i * step));
    for (const [asset, walked] of walks) {
      const shift = board.shift(asset);
      const sigma = (VOLATILITY[asset] as number) * Math.sqrt(step / YEAR);
      const shock = noise ? sigma * board.volatility(asset) * walked.random.normal() : 0;
      const moved = (walked.path[i - 1] as number) + shift - walked.shift + shock;
      walked.path[i] = moved + board.pull(asset, moved, step);
      walked.shift = shift;
      walked.depth[i] = board.depth(asset);
      walked.volatility[i] = board.volatility(asset);
    }
  }
  return walks;
}

/** Index of the value farthest from 0. */
export function extremeIndex(path: Float64Array): number {
  let most = 0;
  for (const [index, value] of path.entries()) {
    if (Math.abs(value) > Math.abs(path[most] as number)) most = index;
  }
  return most;
}
