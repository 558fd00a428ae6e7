import {
  type Clock,
  type Duration,
  duration,
  entityId,
  type InstrumentId,
  type OrderFault,
  type PlaceOrder,
  type Random,
  type Timer,
  type Timestamp,
} from "@tse/domain";
import { seededRandom } from "@tse/simulation";
import { z } from "zod";
import type { Interference, Interferer, TradingCommand } from "../entry.ts";
import type { Origin } from "../exchange.ts";
import { type EndingAction, isEndingAction, nameForm } from "./actions.ts";
import { type ChaosEntry, ChaosRecord, type EndCause } from "./chaos-record.ts";
import type { Effect } from "./fault.ts";
import { ActiveRule, type ChaosRule } from "./rule.ts";
import {
  type Issue,
  type Names,
  type Parameters,
  planFault,
  REPORT_INPUT,
  readSymbols,
} from "./settings.ts";

export interface ChaosOptions {
  readonly clock: Clock;
  readonly names: Names;
  /** A stream of its own: seeds of rules that are given none are drawn from it by the rule's number. */
  readonly random: Random;
  readonly enabled: boolean;
  /** Of rules that name no duration. */
  readonly defaultLength: Duration;
}

/** What became of an action. `ended` are the rules that it ended. */
export type ChaosOutcome =
  | { readonly status: "done"; readonly rule: ChaosRule; readonly ended: readonly ChaosRule[] }
  | { readonly status: "invalid"; readonly issues: readonly Issue[] }
  | { readonly status: "unknown_action" }
  | { readonly status: "unknown_rule" }
  | { readonly status: "disabled" };

type Application = Extract<ChaosEntry, { readonly kind: "applied" }>;

interface InForce {
  readonly rule: ActiveRule;
  readonly timer: Timer;
}

const CLEAR = z.strictObject({ chaos_id: z.string().min(1).max(64) });
const NO_PARAMETERS = z.strictObject({});
const SEEDS = 2 ** 32;

/**
 * Faults on purpose. Rules are started by operators, decide by their own seed and count of matches,
 * and end by themselves on the world's clock. Everything they do is recorded.
 *
 * What a rule does to an order is written into the command before the sequencer takes it, so the
 * journal repeats a broken world without knowing the rules.
 */
export class Chaos implements Interferer {
  readonly enabled: boolean;
  readonly record = new ChaosRecord();
  readonly #clock: Clock;
  readonly #names: Names;
  readonly #random: Random;
  readonly #defaultLength: Duration;
  /** In order of start. */
  readonly #inForce = new Map<string, InForce>();
  #actions = 0;

  constructor(options: ChaosOptions) {
    this.enabled = options.enabled;
    this.#clock = options.clock;
    this.#names = options.names;
    this.#random = options.random;
    this.#defaultLength = options.defaultLength;
  }

  /** Rules in force, oldest first. */
  get active(): readonly ChaosRule[] {
    return [...this.#inForce.values()].map(({ rule }) => rule.describe());
  }

  /**
   * @param action in path form or name form, or the name of a template
   * @param correlationId of the request that asks for it
   */
  act(action: string, parameters: Parameters, correlationId = ""): ChaosOutcome {
    if (!this.enabled) return { status: "disabled" };
    const name = nameForm(action);
    return isEndingAction(name)
      ? this.#end(name, parameters, correlationId)
      : this.#start(name, parameters, correlationId);
  }

  /** Ends one rule; `undefined` when there is none with that id. */
  clear(id: string, correlationId = ""): ChaosRule | undefined {
    return this.#drop(id, "cleared", correlationId);
  }

  /** Ends every rule, oldest first. */
  clearAll(correlationId = ""): readonly ChaosRule[] {
    return this.active.map(({ id }) => this.#drop(id, "cleared", correlationId) as ChaosRule);
  }

  /** For the end of the process: stops the timers, ends and records nothing. */
  close(): void {
    for (const { timer } of this.#inForce.values()) timer.cancel();
    this.#inForce.clear();
  }

  /** Delays add up. A rejection goes before a cap on fills; among equals the older rule decides. */
  interfere(command: TradingCommand, { correlationId }: Origin): Interference {
    if (this.#inForce.size === 0) return { command, delay: duration(0) };
    const delay = this.#delayOf(command, correlationId);
    if (command.kind !== "place_order") return { command, delay };
    const fault = this.#faultOf(command, correlationId);
    return { command: fault === undefined ? command : { ...command, fault }, delay };
  }

  /** Why the production listener is down, if it is. */
  downtime(): { readonly message: string } | undefined {
    const message = this.#ruleOfDowntime()?.effect.downtime;
    return message === undefined ? undefined : { message };
  }

  /** Notes that the downtime in force refused a request for `target`. */
  countRefusal(target: string, correlationId: string): void {
    const rule = this.#ruleOfDowntime();
    if (rule !== undefined) this.#applied(rule, { target, correlationId });
  }

  /** What makers multiply their spreads by now: 1 when nothing is wrong. */
  spreadMultiplier(symbol: string): number {
    return this.#product(symbol, (effect, instrument) => effect.spread?.(instrument));
  }

  /** What makers multiply their sizes by now: 1 when nothing is wrong, 0 for no quotes at all. */
  liquidityFactor(symbol: string): number {
    return this.#product(symbol, (effect, instrument) => effect.liquidity?.(instrument));
  }

  #start(action: string, parameters: Parameters, correlationId: string): ChaosOutcome {
    const planned = planFault(action, parameters, this.#names, this.#defaultLength);
    if (planned === undefined) return { status: "unknown_action" };
    if ("issues" in planned) return { status: "invalid", issues: planned.issues };

    const { plan } = planned;
    const { id, at, seed } = this.#open(plan.seed);
    const rule = new ActiveRule(plan, { id, at, seed, chance: seededRandom(seed) });
    const timer = this.#clock.after(plan.length, () => this.#drop(id, "expired"));
    this.#inForce.set(id, { rule, timer });
    this.record.add({ kind: "started", at, rule: rule.describe(), correlationId });
    // On a frozen clock not even a timer without a delay would run.
    if (plan.length === 0) this.#drop(id, "expired");
    return { status: "done", rule: rule.describe(), ended: [] };
  }

  #end(action: EndingAction, parameters: Parameters, correlationId: string): ChaosOutcome {
    const ended = this.#endBy(action, parameters, correlationId);
    if ("status" in ended) return ended;
    const { id, at, seed } = this.#open(undefined);
    const rule = {
      id,
      action,
      parameters,
      startedAt: at,
      expiresAt: at,
      seed,
      applied: ended.length,
    };
    return { status: "done", rule, ended };
  }

  #endBy(
    action: EndingAction,
    parameters: Parameters,
    correlationId: string,
  ): readonly ChaosRule[] | ChaosOutcome {
    if (action === "restore_liquidity") return this.#restoreLiquidity(parameters, correlationId);
    if (action === "clear_chaos") {
      const parsed = CLEAR.safeParse(parameters, REPORT_INPUT);
      if (!parsed.success) return { status: "invalid", issues: parsed.error.issues };
      const ended = this.clear(parsed.data.chaos_id, correlationId);
      return ended === undefined ? { status: "unknown_rule" } : [ended];
    }
    const parsed = NO_PARAMETERS.safeParse(parameters, REPORT_INPUT);
    return parsed.success
      ? this.clearAll(correlationId)
      : { status: "invalid", issues: parsed.error.issues };
  }

  /** Takes the symbols out of every reduction, and ends those that have none left. */
  #restoreLiquidity(
    parameters: Parameters,
    correlationId: string,
  ): readonly ChaosRule[] | ChaosOutcome {
    const read = readSymbols(parameters, this.#names);
    if ("issues" in read) return { status: "invalid", issues: read.issues };

    const ended: ChaosRule[] = [];
    for (const { rule } of this.#inForce.values()) {
      if (rule.effect.liquidity === undefined) continue;
      const left = this.#without(rule.scope.instruments, read.instruments);
      if (left.size > 0) rule.scope = { ...rule.scope, instruments: left };
      else ended.push(this.#drop(rule.id, "restored", correlationId) as ChaosRule);
    }
    return ended;
  }

  #without(
    from: ReadonlySet<InstrumentId> | undefined,
    restored: ReadonlySet<InstrumentId> | undefined,
  ): ReadonlySet<InstrumentId> {
    const all = from ?? new Set(this.#names.instruments().map(({ id }) => id));
    return restored === undefined ? new Set() : all.difference(restored);
  }

  /** Numbers an action. Its seed follows from the world's seed and that number, unless it brings one. */
  #open(given: number | undefined): { id: string; at: Timestamp; seed: number } {
    this.#actions += 1;
    const at = this.#clock.now();
    const seed = given ?? this.#random.fork(`rule ${this.#actions}`).integer(SEEDS);
    return { id: entityId("chaos", at, this.#actions), at, seed };
  }

  #drop(id: string, cause: EndCause, correlationId = ""): ChaosRule | undefined {
    const found = this.#inForce.get(id);
    if (found === undefined) return undefined;
    found.timer.cancel();
    this.#inForce.delete(id);
    const rule = found.rule.describe();
    this.record.add({ kind: "ended", at: this.#clock.now(), rule, cause, correlationId });
    return rule;
  }

  #delayOf(command: TradingCommand, correlationId: string): Duration {
    let total = 0;
    for (const { rule } of this.#inForce.values()) {
      const delay = rule.effect.delay?.(command);
      if (delay === undefined) continue;
      this.#applied(rule, { target: command.kind, correlationId });
      total += delay;
    }
    return duration(total);
  }

  /** Every rule is asked, so that the draws of one never depend on the presence of another. */
  #faultOf(order: PlaceOrder, correlationId: string): OrderFault | undefined {
    let decided: { readonly rule: ActiveRule; readonly fault: OrderFault } | undefined;
    for (const { rule } of this.#inForce.values()) {
      const fault = rule.effect.orderFault?.(order);
      if (fault === undefined) continue;
      const stronger = fault.kind === "reject" && decided?.fault.kind === "max_fill";
      if (decided === undefined || stronger) decided = { rule, fault };
    }
    if (decided !== undefined) {
      this.#applied(decided.rule, { target: order.kind, correlationId });
    }
    return decided?.fault;
  }

  #product(
    symbol: string,
    power: (effect: Effect, instrument: InstrumentId) => number | undefined,
  ): number {
    if (this.#inForce.size === 0) return 1;
    const instrument = this.#names.instrumentNamed(symbol)?.id;
    if (instrument === undefined) return 1;

    let product = 1;
    for (const { rule } of this.#inForce.values()) {
      const factor = power(rule.effect, instrument);
      if (factor === undefined) continue;
      this.#applied(rule, { target: symbol, correlationId: "" });
      product *= factor;
    }
    return product;
  }

  #ruleOfDowntime(): ActiveRule | undefined {
    for (const { rule } of this.#inForce.values()) {
      if (rule.effect.downtime !== undefined) return rule;
    }
    return undefined;
  }

  #applied(rule: ActiveRule, hit: Pick<Application, "target" | "correlationId">): void {
    const at = this.#clock.now();
    const sampled = rule.apply(at);
    if (sampled) this.record.add({ kind: "applied", at, rule: rule.describe(), ...hit });
  }
}
