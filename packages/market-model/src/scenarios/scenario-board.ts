import { assert, type Duration, type Timestamp } from "@tse/domain";
import type { Overlay } from "../market-model.ts";
import { MULTIPLIED, type Multiplied } from "./definition.ts";
import type { DrawnFault } from "./drawn-scenario.ts";
import { type PlanContext, planStart } from "./plan-start.ts";
import type {
  EndReason,
  ScenarioCommand,
  ScenarioEvent,
  ScenarioRefusal,
  ScenarioRequest,
  ScenarioStart,
} from "./scenario-command.ts";
import { type Effects, type RunState, ScenarioRun } from "./scenario-run.ts";

export interface BoardOptions {
  /** Every asset whose price moves, stablecoins included. */
  readonly assets: readonly string[];
  /** Those of them that `*` leaves out. */
  readonly stablecoins?: readonly string[];
  readonly time: Timestamp;
  /** Of a world that goes on; then `time` is when it was saved or later. */
  readonly state?: BoardState;
  /** Called within `apply` and `advanceTo`, in order of time, then of starting. */
  readonly onEvent?: (event: ScenarioEvent) => void;
}

/** What is needed to go on. Plain data. */
export interface BoardState {
  readonly time: Timestamp;
  readonly retained: Readonly<Record<string, number>>;
  readonly runs: readonly RunState[];
}

export type Planned =
  | { readonly status: "accepted"; readonly command: ScenarioCommand }
  | { readonly status: "refused"; readonly refusal: ScenarioRefusal };

/** Most that scenarios make of a price together, in logs, and what they multiply anything by, or divide it. */
const SHIFT_MAX = Math.log(1e6);
const TIMES_MAX = 1_000;

/**
 * The scenarios in force on one market, composed: log returns and pulls add up, multipliers multiply, a loading
 * goes through each in order of starting.
 *
 * A request is planned first (checked, its values drawn), and nothing has changed yet; then its command is
 * applied, after it was journaled if need be. What a scenario did to prices when it ends, or is stopped in the
 * middle, stays: no price jumps. Its multipliers and loadings return to normal during its release. Deterministic:
 * a function of the commands and of time, whatever the steps.
 */
export class ScenarioBoard implements Overlay {
  readonly #assets: readonly string[];
  readonly #stablecoins: ReadonlySet<string>;
  readonly #index = new Map<string, number>();
  readonly #onEvent: (event: ScenarioEvent) => void;
  /** Log returns that ended scenarios left behind; and all of them at this moment. */
  readonly #retained: Float64Array;
  readonly #shift: Float64Array;
  readonly #multipliers: Readonly<Record<Multiplied, Float64Array>>;
  readonly #effects: Effects;
  /** Until when those that are gone moved each price without that being to halt it. */
  readonly #exemptUntil: Float64Array;
  #runs: ScenarioRun[];
  #active = false;
  #time: Timestamp;

  constructor(options: BoardOptions) {
    const { assets, state } = options;
    for (const [index, asset] of assets.entries()) this.#index.set(asset, index);
    assert(this.#index.size === assets.length, "an asset is on the board once");
    this.#assets = assets;
    this.#stablecoins = new Set(options.stablecoins);
    this.#onEvent = options.onEvent ?? (() => {});
    this.#retained = Float64Array.from(assets, (asset) => state?.retained[asset] ?? 0);
    this.#shift = new Float64Array(assets.length);
    this.#multipliers = columns(assets.length);
    this.#effects = this.#writer();
    this.#exemptUntil = new Float64Array(assets.length).fill(Number.NEGATIVE_INFINITY);
    this.#runs = (state?.runs ?? []).map((run) => new ScenarioRun(run));
    this.#time = state?.time ?? options.time;
    this.#refresh();
    this.advanceTo(options.time);
  }

  get time(): Timestamp {
    return this.#time;
  }

  /** Checks a request and draws its values; changes nothing. */
  plan(request: ScenarioRequest): Planned {
    if (request.at < this.#time) {
      return refused("in_the_past", "at", "not before the time that the board has reached");
    }
    if (request.kind === "clear") return accepted({ kind: "clear_scenarios", time: request.at });
    const exists = this.#running(request.id, request.at) !== undefined;
    if (request.kind !== "start" && !exists) {
      return refused("no_such_scenario", "id", "the id of a running scenario");
    }
    if (request.kind === "stop") {
      return accepted({ kind: "stop_scenario", time: request.at, id: request.id });
    }
    if (request.kind === "start" && exists) {
      return refused("scenario_exists", "id", "an id that no running scenario has");
    }
    const planned = planStart(request, this.#context());
    if ("refusal" in planned) return { status: "refused", ...planned };
    const kind = request.kind === "start" ? "start_scenario" : "replace_scenario";
    return accepted({ kind, time: request.at, start: planned.start });
  }

  /** Does what was planned; moves on to the command's time first. A command that can't be is a bug. */
  apply(command: ScenarioCommand): void {
    assert(command.time >= this.#time, "commands come in order of time");
    this.advanceTo(command.time);
    switch (command.kind) {
      case "start_scenario":
        this.#start(command.start);
        break;
      case "replace_scenario":
        this.#stop(command.start.id, "replaced");
        this.#start(command.start);
        break;
      case "stop_scenario":
        this.#stop(command.id, "stopped");
        break;
      case "clear_scenarios":
        for (const run of this.#runs.filter(({ isOver }) => !isOver)) this.#end(run, "cleared");
        break;
    }
    this.#refresh();
  }

  /** Plans and applies in one. */
  perform(request: ScenarioRequest): Planned {
    const planned = this.plan(request);
    if (planned.status === "accepted") this.apply(planned.command);
    return planned;
  }

  advanceTo(time: Timestamp): void {
    if (time <= this.#time) return;
    if (this.#runs.length > 0) {
      this.#removeGone();
      this.#passBoundaries(time);
      this.#time = time;
      this.#refresh();
    }
    this.#time = time;
  }

  get active(): boolean {
    return this.#active;
  }

  shift(asset: string): number {
    return this.#at(this.#shift, asset, 0);
  }

  pull(asset: string, logValue: number, length: Duration): number {
    if (!this.#active) return 0;
    const noise = logValue - this.shift(asset);
    let pulled = 0;
    for (const run of this.#runs) pulled += run.pull(asset, noise + pulled, this.#time, length);
    return pulled;
  }

  loading(asset: string, usual: number): number {
    let loading = usual;
    for (const run of this.#runs) loading = run.loading(asset, loading, this.#time);
    return loading;
  }

  volatility(asset: string): number {
    return this.#at(this.#multipliers.volatility, asset, 1);
  }

  jumpRate(asset: string): number {
    return this.#at(this.#multipliers.jump_rate, asset, 1);
  }

  volume(asset: string): number {
    return this.#at(this.#multipliers.volume, asset, 1);
  }

  depth(asset: string): number {
    return this.#at(this.#multipliers.depth, asset, 1);
  }

  spread(asset: string): number {
    return this.#at(this.#multipliers.spread, asset, 1);
  }

  /** Whether a scenario moved the asset's price from `since` until this moment whose moves aren't to halt it. */
  exempts(asset: string, since: Timestamp): boolean {
    if (this.#at(this.#exemptUntil, asset, Number.NEGATIVE_INFINITY) >= since) return true;
    return this.#runs.some((run) => (run.exemptUntil(asset) ?? Number.NEGATIVE_INFINITY) >= since);
  }

  /** Feed faults in force, in order of starting. */
  feedFaults(): DrawnFault[] {
    return this.#runs.flatMap((run) => run.faultsAt(this.#time));
  }

  /** Scenarios that run, in order of starting; those in their release are over. */
  running(): RunState[] {
    return this.#runs.filter(({ isOver }) => !isOver).map((run) => run.state());
  }

  /** What was told when each of those that run began. */
  started(): ScenarioEvent[] {
    return this.#runs.filter(({ isOver }) => !isOver).map((run) => run.started());
  }

  state(): BoardState {
    const retained: Record<string, number> = {};
    for (const asset of this.#assets) retained[asset] = this.#at(this.#retained, asset, 0);
    return { time: this.#time, retained, runs: this.#runs.map((run) => run.state()) };
  }

  #context(): PlanContext {
    return {
      assets: this.#assets,
      stablecoins: this.#stablecoins,
      running: this.#runs.length,
      retained: (asset) => this.#at(this.#retained, asset, 0),
    };
  }

  /** A run that is still running at `at`, which may be ahead of the board. */
  #running(id: string, at: Timestamp): ScenarioRun | undefined {
    return this.#runs.find((run) => run.id === id && !run.isOver && run.endsAt > at);
  }

  #start(start: ScenarioStart): void {
    assert(this.#running(start.id, this.#time) === undefined, "an id is of one running scenario");
    const shifts: Record<string, number> = {};
    for (const asset of this.#assets) shifts[asset] = this.shift(asset);
    const run = new ScenarioRun({ start, startedAt: this.#time, shifts, phases: 0 });
    this.#runs.push(run);
    this.#onEvent(run.started());
    this.#passBoundaries(this.#time);
  }

  #stop(id: string, reason: EndReason): void {
    const run = this.#running(id, this.#time);
    assert(run !== undefined, `a scenario runs under the id ${id}`);
    this.#end(run, reason);
  }

  /** Keeps what the run did to prices, at the moment that the board stands at. */
  #end(run: ScenarioRun, reason: EndReason, at: Timestamp = this.#time): void {
    for (const [asset, logReturn] of run.shiftsAt(at)) {
      const index = this.#index.get(asset);
      if (index !== undefined)
        this.#retained[index] = (this.#retained[index] as number) + logReturn;
    }
    this.#onEvent(run.end(at, reason));
  }

  /** Everything that happens until `time`, in order of time, then of starting. */
  #passBoundaries(time: Timestamp): void {
    for (let run = this.#next(); run !== undefined; run = this.#next()) {
      if (run.nextBoundary > time) return;
      this.#pass(run);
    }
  }

  /** The running scenario to which something happens next; the oldest of equals. */
  #next(): ScenarioRun | undefined {
    let next: ScenarioRun | undefined;
    for (const run of this.#runs) {
      const soonest = next?.nextBoundary ?? Number.POSITIVE_INFINITY;
      if (!run.isOver && run.nextBoundary < soonest) next = run;
    }
    return next;
  }

  #pass(run: ScenarioRun): void {
    const at = run.nextBoundary;
    const event = run.takePhase();
    if (event !== undefined) this.#onEvent(event);
    else this.#end(run, "completed", at);
  }

  #removeGone(): void {
    const gone = this.#runs.filter((run) => run.isGone(this.#time));
    if (gone.length === 0) return;
    this.#runs = this.#runs.filter((run) => !gone.includes(run));
    for (const [index, asset] of this.#assets.entries()) {
      const ends = gone.map((run) => run.exemptUntil(asset) ?? Number.NEGATIVE_INFINITY);
      this.#exemptUntil[index] = Math.max(this.#exemptUntil[index] as number, ...ends);
    }
  }

  #refresh(): void {
    this.#shift.set(this.#retained);
    for (const of of MULTIPLIED) this.#multipliers[of].fill(1);
    for (const run of this.#runs) run.writeTo(this.#effects, this.#time);
    this.#limit();
    this.#active = this.#runs.some((run) => run.actsAt(this.#time));
  }

  /** However many scenarios act together, what they come to is something to go on with. */
  #limit(): void {
    for (const [index, shift] of this.#shift.entries()) {
      this.#shift[index] = Math.min(Math.max(shift, -SHIFT_MAX), SHIFT_MAX);
    }
    for (const of of MULTIPLIED) {
      const column = this.#multipliers[of];
      for (const [index, times] of column.entries()) {
        if (times !== 0) column[index] = Math.min(Math.max(times, 1 / TIMES_MAX), TIMES_MAX);
      }
    }
  }

  #writer(): Effects {
    const add = (column: Float64Array, asset: string, logReturn: number) => {
      const index = this.#index.get(asset);
      if (index !== undefined) column[index] = (column[index] as number) + logReturn;
    };
    return {
      addShift: (asset, logReturn) => add(this.#shift, asset, logReturn),
      multiply: (of, asset, by) => {
        const column = this.#multipliers[of];
        const index = this.#index.get(asset);
        if (index !== undefined) column[index] = (column[index] as number) * by;
      },
    };
  }

  #at(column: Float64Array, asset: string, neutral: number): number {
    const index = this.#index.get(asset);
    return index === undefined ? neutral : (column[index] as number);
  }
}

function columns(length: number): Record<Multiplied, Float64Array> {
  const column = () => new Float64Array(length).fill(1);
  return {
    volatility: column(),
    jump_rate: column(),
    volume: column(),
    depth: column(),
    spread: column(),
  };
}

const accepted = (command: ScenarioCommand): Planned => ({ status: "accepted", command });

const refused = (code: ScenarioRefusal["code"], field: string, rule: string): Planned => ({
  status: "refused",
  refusal: { code, field, rule },
});
