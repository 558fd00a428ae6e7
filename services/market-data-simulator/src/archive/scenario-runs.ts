import { createHash } from "node:crypto";
import type { Timestamp } from "@tse/domain";
import type {
  JsonObject,
  MarketDataAdapter,
  NewScenarioRun,
  ScenarioState,
} from "@tse/market-data-adapter";
import type { ScenarioBoard, ScenarioEvent } from "@tse/market-model";
import type { Logger } from "@tse/service-kit";
import { StorageError } from "@tse/storage";
import { exactPayload } from "@tse/storage/adapter";
import { dependsOn, type SymbolTerms, UNIT_OF_ACCOUNT } from "../feed/symbol-terms.ts";
import { Queue } from "./queue.ts";

export interface ScenarioRunsParts {
  readonly adapter: Pick<MarketDataAdapter, "scenarioRunRepository">;
  /** The world's. */
  readonly symbols: readonly Pick<SymbolTerms, "symbol" | "base" | "quote">[];
  readonly logger: Logger;
}

type Row = NewScenarioRun & { readonly scenarioId: string };

/** What is to be done to the rows. Doing it again changes nothing. */
type Change =
  | { readonly change: "create"; readonly row: Row }
  | {
      readonly change: "move";
      readonly scenarioId: string;
      readonly state: ScenarioState;
      readonly at: Timestamp;
    };

/** Changes that wait for storage at most; of more the oldest are let go. */
const WAITING_MAX = 10_000;
const STARTED_BY = "admin";
/** Answers that stay the same when asked again. */
const FINAL: readonly string[] = ["already_exists", "not_found", "conflict", "invalid_query"];

/**
 * The scenarios of the market as rows of `scenario_runs`: one when a scenario starts, moved on as its phases begin,
 * and at its end. Changes wait in memory while storage is away.
 *
 * The id of a row follows from what it is about, so that a change whose answer was lost is made again without
 * doubling a row. What a crash kept from being written is found by comparing rows with the board at the first write.
 */
export class ScenarioRuns {
  readonly #parts: ScenarioRunsParts;
  readonly #changes = new Queue<Change>(WAITING_MAX);
  #isCompared = false;

  constructor(parts: ScenarioRunsParts) {
    this.#parts = parts;
  }

  get waiting(): number {
    return this.#changes.length;
  }

  record(event: ScenarioEvent): void {
    if (event.event === "started") {
      this.#changes.add({ change: "create", row: this.#rowOf(event) });
    } else {
      const state = event.event === "phase" ? stageOf(event) : endOf(event);
      this.#changes.add({ change: "move", scenarioId: rowId(event), state, at: event.time });
    }
  }

  /** Stores what waits. @throws StorageError; what waits then still does */
  async write(board: Pick<ScenarioBoard, "started" | "time">): Promise<void> {
    while (this.#changes.length > 0) {
      const { items, done } = this.#changes.first(1);
      for (const change of items) await this.#make(change);
      done();
    }
    if (this.#isCompared) return;
    await this.#compare(board);
    this.#isCompared = true;
  }

  /** Rows for all that runs, as far as it is; none that is said to run and doesn't. */
  async #compare(board: Pick<ScenarioBoard, "started" | "time">): Promise<void> {
    const stored = await this.#parts.adapter.scenarioRunRepository.getActive();
    const { time } = board;
    const running = new Map(board.started().map((event) => [rowId(event), { ...event, time }]));
    for (const { scenarioId, state: known, endsAt } of stored) {
      const event = running.get(scenarioId);
      running.delete(scenarioId);
      const over = endsAt <= time ? "COMPLETED" : "STOPPED";
      const state = event === undefined ? over : stageOf(event);
      if (state !== known) await this.#make({ change: "move", scenarioId, state, at: time });
    }
    for (const event of running.values()) {
      await this.#make({ change: "create", row: this.#rowOf(event) });
    }
  }

  /** An answer that would be the same again is passed over: it would stop all that comes after. */
  async #make(change: Change): Promise<void> {
    const { adapter, logger } = this.#parts;
    const { scenarioRunRepository } = adapter;
    try {
      if (change.change === "create") await scenarioRunRepository.create(change.row);
      else await scenarioRunRepository.updateState(change.scenarioId, change.state, change.at);
    } catch (error) {
      if (!(error instanceof StorageError) || !FINAL.includes(error.code)) throw error;
      if (error.code !== "already_exists") {
        logger.warn("storage refuses a change of a scenario run", { change, error });
      }
    }
  }

  #rowOf(event: ScenarioEvent): Row {
    const { id, name, kind, seed, intensity, assets, phases, startsAt, endsAt } = event;
    return {
      scenarioId: rowId(event),
      scenarioType: kind,
      symbols: this.#symbolsOf(assets.map(({ asset }) => asset)),
      parameters: exactPayload({ run: id, name, seed, intensity, phases, assets }) as JsonObject,
      seed: seedNumber(seed),
      state: stageOf(event),
      actor: STARTED_BY,
      startsAt,
      endsAt,
    };
  }

  /** Symbols that follow the assets; a run of intensity 0 acts on none and is about all. */
  #symbolsOf(assets: readonly string[]): string[] {
    const moved = this.#parts.symbols.filter(
      (terms) => assets.length === 0 || dependsOn(terms, assets),
    );
    const symbols = moved.map(({ symbol }) => symbol);
    return symbols.length > 0 ? symbols : assets.map((asset) => `${asset}/${UNIT_OF_ACCOUNT}`);
  }
}

/** As far as any price has come. */
function stageOf({ time, startsAt, assets }: ScenarioEvent): ScenarioState {
  const since = time - startsAt;
  if (assets.some(({ buildup }) => since < buildup)) return "BUILDUP";
  const isOver = assets.every(({ manipulation }) => since >= manipulation);
  return isOver && assets.some(({ recovery }) => recovery > 0) ? "RECOVERY" : "SUSTAIN";
}

function endOf({ reason }: ScenarioEvent): ScenarioState {
  return reason === "completed" ? "COMPLETED" : "STOPPED";
}

/** The same for every event of one run; two runs differ in one of these. */
function rowId({ id, startsAt, name, seed, intensity }: ScenarioEvent): string {
  const hash = hashOf([id, startsAt, name, seed, intensity].join("\n")).subarray(0, 16);
  hash[6] = ((hash[6] as number) & 0x0f) | 0x80;
  hash[8] = ((hash[8] as number) & 0x3f) | 0x80;
  return hash.toString("hex").replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** A seed is text; of one that is no number of 64 bits the row has a hash. */
function seedNumber(seed: string): bigint {
  const number = /^-?\d{1,19}$/.test(seed) ? BigInt(seed) : undefined;
  const fits = number !== undefined && BigInt.asIntN(64, number) === number;
  return fits ? number : hashOf(seed).readBigInt64BE();
}

const hashOf = (text: string): Buffer => createHash("sha256").update(text).digest();
