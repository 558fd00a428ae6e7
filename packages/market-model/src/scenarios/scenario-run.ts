import { assert, type Duration, type Timestamp, timestamp } from "@tse/domain";
import type { Multiplied } from "./definition.ts";
import type { DrawnFault, DrawnLoading } from "./drawn-scenario.ts";
import { courseAt } from "./multiplier-course.ts";
import { Pin } from "./pin.ts";
import { extremeOf, pathAt, stagesOf } from "./price-path.ts";
import type { AssetTruth, EndReason, ScenarioEvent, ScenarioStart } from "./scenario-command.ts";
import { progressOf, shareDone } from "./shapes.ts";

/** What is needed to go on with a run. Plain data. */
export interface RunState {
  readonly start: ScenarioStart;
  readonly startedAt: Timestamp;
  /** What scenarios had made of each price by then. */
  readonly shifts: Readonly<Record<string, number>>;
  /** Phases that have begun. */
  readonly phases: number;
  readonly ended?: { readonly at: Timestamp; readonly reason: EndReason };
}

/** Where a run writes what it does at a moment: one entry an asset that it acts on. */
export interface Effects {
  addShift(asset: string, logReturn: number): void;
  multiply(of: Multiplied, asset: string, by: number): void;
}

/**
 * One scenario in force on a board. Moves prices until it ends; then its multipliers and loadings return to
 * normal during its release, and it is over.
 */
export class ScenarioRun {
  readonly #state: Omit<RunState, "phases" | "ended">;
  readonly #pins = new Map<string, Pin>();
  #phases: number;
  #ended: RunState["ended"];

  constructor({ phases, ended, ...state }: RunState) {
    this.#state = state;
    this.#phases = phases;
    this.#ended = ended;
    const { prices, duration } = state.start.scenario;
    for (const { asset, path, pinned } of prices) {
      if (pinned) this.#pins.set(asset, new Pin(path, duration));
    }
  }

  get id(): string {
    return this.#state.start.id;
  }

  get isOver(): boolean {
    return this.#ended !== undefined;
  }

  /** Intensity 0 leaves a run without any. */
  get hasEffects(): boolean {
    const { prices, pulls, multipliers, loadings, faults } = this.#state.start.scenario;
    const lists = [prices, pulls, multipliers, loadings, faults];
    return lists.some((list) => list.length > 0);
  }

  get endsAt(): Timestamp {
    return timestamp(this.#state.startedAt + this.#state.start.scenario.duration);
  }

  /** The name of the phase in force. */
  get phase(): string | undefined {
    return this.#state.start.scenario.phases[this.#phases - 1]?.name;
  }

  /** When something happens next to a run that isn't over: a phase begins, or it ends. */
  get nextBoundary(): Timestamp {
    const { startedAt, start } = this.#state;
    const phase = start.scenario.phases[this.#phases];
    return phase === undefined ? this.endsAt : timestamp(startedAt + phase.at);
  }

  /** Where the boundary is a phase: begins it. */
  takePhase(): ScenarioEvent | undefined {
    const { phases } = this.#state.start.scenario;
    if (this.#phases >= phases.length) return undefined;
    const time = this.nextBoundary;
    this.#phases += 1;
    return this.event("phase", time, { phase: this.phase as string });
  }

  /** Nothing moves prices any more; what it did until `at` is the board's to keep. */
  end(at: Timestamp, reason: EndReason): ScenarioEvent {
    assert(this.#ended === undefined, "a scenario ends once");
    this.#ended = { at, reason };
    return this.event("ended", at, { reason });
  }

  /** Whether nothing of it is left at `time`, its release included. */
  isGone(time: Timestamp): boolean {
    return this.#ended !== undefined && time >= this.#ended.at + this.#release;
  }

  /** Whether it matters for the step that ended at `time`: its own end may lie within the step. */
  actsAt(time: Timestamp): boolean {
    if (!this.hasEffects) return false;
    return this.#ended?.reason === "completed" || !this.isGone(time);
  }

  /** Log return of each asset that it made by `time`. */
  *shiftsAt(time: Timestamp): Generator<[asset: string, logReturn: number]> {
    const since = time - this.#state.startedAt;
    for (const { asset, path } of this.#state.start.scenario.prices)
      yield [asset, pathAt(path, since)];
  }

  writeTo(effects: Effects, time: Timestamp): void {
    const since = (this.#ended?.at ?? time) - this.#state.startedAt;
    if (this.#ended === undefined) {
      for (const [asset, logReturn] of this.shiftsAt(time)) effects.addShift(asset, logReturn);
    }
    const left = this.#left(time);
    for (const { of, asset, course } of this.#state.start.scenario.multipliers) {
      effects.multiply(of, asset, courseAt(course, since) ** left);
    }
  }

  /** Log return that pulls the price by the end of a step; `noise` is the price without what scenarios made. */
  pull(asset: string, noise: number, now: Timestamp, step: Duration): number {
    // A scenario that came to its end within the step still has its last pull: a bridge arrives.
    if (this.#ended !== undefined && this.#ended.reason !== "completed") return 0;
    const time = this.#ended?.at ?? now;
    const length = step - (now - time);
    if (length <= 0) return 0;
    const { start, shifts, startedAt } = this.#state;
    let pulled = 0;
    for (const { asset: own, halfLife, level } of start.scenario.pulls) {
      if (own !== asset) continue;
      const home = (level ?? start.logPrices[asset] ?? 0) - (shifts[asset] ?? 0);
      pulled += (home - noise) * (1 - 2 ** (-length / halfLife));
    }
    const pin = this.#pins.get(asset);
    if (pin === undefined) return pulled;
    const home = (start.logPrices[asset] as number) - (shifts[asset] ?? 0);
    return pulled + (home - noise - pulled) * pin.shareAt(time - startedAt, length);
  }

  loading(asset: string, usual: number, time: Timestamp): number {
    const own = this.#state.start.scenario.loadings.find((loading) => loading.asset === asset);
    if (own === undefined) return usual;
    const target = own.rule === "set" ? own.target : own.target * usual;
    return usual + this.#weight(own, time) * (target - usual);
  }

  /** Until when it moves the asset's price without that being to halt it; `undefined` when never. */
  exemptUntil(asset: string): number | undefined {
    const { respectHalt, scenario } = this.#state.start;
    if (respectHalt === true) return undefined;
    const { prices, pulls, multipliers } = scenario;
    const end = this.#ended?.at ?? this.endsAt;
    const isWild = multipliers.some(
      (each) => each.asset === asset && (each.of === "volatility" || each.of === "jump_rate"),
    );
    if (isWild) return end + this.#release;
    return [...prices, ...pulls].some((effect) => effect.asset === asset) ? end : undefined;
  }

  /** Feed faults in force. */
  faultsAt(time: Timestamp): DrawnFault[] {
    if (this.#ended !== undefined) return [];
    const since = time - this.#state.startedAt;
    return this.#state.start.scenario.faults.filter(
      ({ at, lasts }) => since >= at && since < at + lasts,
    );
  }

  state(): RunState {
    const ended = this.#ended === undefined ? {} : { ended: this.#ended };
    return { ...this.#state, phases: this.#phases, ...ended };
  }

  event(
    event: ScenarioEvent["event"],
    time: Timestamp,
    more: Pick<ScenarioEvent, "phase" | "phases" | "reason">,
  ): ScenarioEvent {
    const { start, startedAt: startsAt } = this.#state;
    const { id, seed, intensity, scenario } = start;
    const { name, kind } = scenario;
    const assets = this.#truths();
    const times = { startsAt, endsAt: this.endsAt };
    return { event, time, id, name, kind, seed, intensity, ...more, assets, ...times };
  }

  started(): ScenarioEvent {
    const { startedAt, start } = this.#state;
    const phases = start.scenario.phases.map(({ name, at }) => ({
      name,
      at: timestamp(startedAt + at),
    }));
    return this.event("started", startedAt, { phases });
  }

  /** Share of the multipliers that is left after the end: 1 until then, 0 when released. */
  #left(time: Timestamp): number {
    if (this.#ended === undefined) return 1;
    return 1 - Math.min(progressOf(time - this.#ended.at, this.#release), 1);
  }

  /** Nothing to release: gone at once. */
  get #release(): number {
    const { multipliers, loadings, release } = this.#state.start.scenario;
    return multipliers.length + loadings.length === 0 ? 0 : release;
  }

  #weight({ weight, transition }: DrawnLoading, time: Timestamp): number {
    const since = (this.#ended?.at ?? time) - this.#state.startedAt;
    const rest = this.#state.start.scenario.duration - since;
    const into = shareDone("smoothstep", progressOf(since, transition));
    const out = shareDone("smoothstep", progressOf(rest, transition));
    return weight * Math.min(into, out) * this.#left(time);
  }

  #truths(): AssetTruth[] {
    const { scenario, logPrices } = this.#state.start;
    const { prices, pulls, multipliers, loadings, faults, duration } = scenario;
    const moved = prices.map(({ asset, path }): AssetTruth => {
      const stages = stagesOf(path);
      const from = logPrices[asset];
      if (from === undefined) return { asset, ...stages };
      const targetPrice = Math.exp(from + extremeOf(path));
      return { asset, originalPrice: Math.exp(from), targetPrice, ...stages };
    });
    const touched = new Set([
      ...[...pulls, ...multipliers, ...loadings].map(({ asset }) => asset),
      ...faults.flatMap(({ assets }) => assets),
    ]);
    for (const { asset } of moved) touched.delete(asset);
    const others = [...touched].map((asset): AssetTruth => {
      const from = logPrices[asset];
      const price = from === undefined ? {} : { originalPrice: Math.exp(from) };
      return { asset, ...price, buildup: 0, manipulation: duration, recovery: 0 };
    });
    return [...moved, ...others];
  }
}
