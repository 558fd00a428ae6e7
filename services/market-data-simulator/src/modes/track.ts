import type { Timestamp } from "@tse/domain";
import type { ConsensusModel, MarketModel, ReplayModel, ReplayState } from "@tse/market-model";
import type { ModeTerms, ReplayTerms } from "./mode-terms.ts";
import type { MadeReplay } from "./model-maker.ts";

/** What one asset's price follows. */
export interface Track {
  readonly terms: ModeTerms;
  readonly model: MarketModel;
  /** The model that scenarios act on: the same, or the one that sources look at. */
  readonly felt: MarketModel;
  /** Log of what `model`'s price is above that of `felt`. */
  readonly feltOffset: number;
  readonly consensus?: ConsensusModel;
  readonly run?: ReplayRun;
}

/** A replay under way, and what the asset follows again when it is over. */
export interface ReplayRun extends MadeReplay {
  readonly asset: string;
  readonly terms: ReplayTerms;
  readonly startedAt: Timestamp;
  /** Of the chance in what comes after it. */
  readonly purpose: string;
  /** Where that was sources, the market that they looked at: what they knew, a halt too, doesn't outlast a replay. */
  readonly previous: Track;
}

/** A replay as operators see it. */
export interface ReplayView {
  readonly id: string;
  readonly asset: string;
  readonly terms: ReplayTerms;
  readonly state: ReplayState;
  /** In the data set's own time. */
  readonly position: Timestamp;
  readonly startedAt: Timestamp;
  /** `undefined` while the asset follows it. */
  readonly endedAt: Timestamp | undefined;
}

export function viewOf(
  { asset, terms, replay, startedAt }: ReplayRun,
  endedAt?: Timestamp,
): ReplayView {
  const { state, position } = replay;
  return { id: terms.id, asset, terms, state, position, startedAt, endedAt };
}

/** A replay's terms where it stands, to go on from there without a jump. */
export function goingOn(terms: ReplayTerms, replay: ReplayModel, previous: Track): ReplayTerms {
  const { paused: _, afterwards: __, ...rest } = terms;
  return {
    ...rest,
    from: replay.position,
    goesOn: true,
    ...(replay.state === "paused" && { paused: true }),
    afterwards: previous.terms,
  };
}

/** What an operator does to a replay. */
export type ReplayAction =
  | { readonly action: "pause" | "resume" | "stop" }
  | { readonly action: "seek"; readonly to: Timestamp };

/** An asset whose price sources agree on. */
export interface Watched {
  readonly asset: string;
  readonly consensus: ConsensusModel;
}

/** Of a model that makes the asset's price by itself. */
export function plainTrack(terms: ModeTerms, model: MarketModel): Track {
  return { terms, model, felt: model, feltOffset: 0 };
}
