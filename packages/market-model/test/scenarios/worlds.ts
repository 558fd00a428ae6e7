import { duration, type Timestamp, timestamp } from "@tse/domain";
import type {
  Overlay,
  ScenarioCommand,
  ScenarioDefinition,
  ScenarioEvent,
  StartOptions,
} from "@tse/market-model";
import { ScenarioBoard } from "@tse/market-model";
import { seededRandom } from "@tse/simulation";

export const SECOND = 1_000_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const ASSETS = ["BTC", "ETH", "SOL", "ADA", "DOT", "USDT"];
export const START = timestamp(Date.UTC(2026, 0, 5) * 1000);

/** Microseconds after the start of these worlds. */
export const after = (time: number): Timestamp => timestamp(START + time);

export const definition = (
  effects: ScenarioDefinition["effects"],
  more: Partial<ScenarioDefinition> = {},
): ScenarioDefinition => ({
  name: "example",
  kind: "preset",
  title: "An example",
  duration: HOUR,
  release: MINUTE,
  pinned: false,
  phases: [{ name: "main", at: 0 }],
  effects,
  ...more,
});

/** A board that writes down what happens and what was commanded. */
export function recorded(board: Partial<ConstructorParameters<typeof ScenarioBoard>[0]> = {}) {
  const events: ScenarioEvent[] = [];
  const commands: ScenarioCommand[] = [];
  const overlay = new ScenarioBoard({
    assets: ASSETS,
    stablecoins: ["USDT"],
    time: START,
    onEvent: (event) => events.push(event),
    ...board,
  });
  const perform = (request: Parameters<ScenarioBoard["perform"]>[0]) => {
    const planned = overlay.perform(request);
    if (planned.status === "accepted") commands.push(planned.command);
    return planned;
  };
  return { board: overlay, events, commands, perform };
}

export const starting = (
  scenario: ScenarioDefinition,
  more: Partial<StartOptions> = {},
): { kind: "start" } & StartOptions => ({
  kind: "start",
  id: "run",
  definition: scenario,
  at: START,
  random: seededRandom(7).fork("scenarios"),
  seed: "7",
  logPrice: () => Math.log(100),
  ...more,
});

/** Everything that an overlay says of an asset at its moment. */
export const readingOf = (overlay: Overlay, asset: string): number[] => [
  overlay.shift(asset),
  overlay.pull(asset, Math.log(101), duration(SECOND)),
  overlay.loading(asset, 0.8),
  overlay.volatility(asset),
  overlay.jumpRate(asset),
  overlay.volume(asset),
  overlay.depth(asset),
  overlay.spread(asset),
];

export const NEUTRAL = [0, 0, 0.8, 1, 1, 1, 1, 1];
