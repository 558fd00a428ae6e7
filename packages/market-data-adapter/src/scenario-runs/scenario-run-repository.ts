import type { Timestamp } from "@tse/domain";
import { StorageError } from "@tse/storage";
import {
  among,
  atLeast,
  below,
  equal,
  type Filters,
  found,
  type Page,
  page,
  type RepositoryParts,
  type Rows,
} from "@tse/storage/rows";
import {
  LIVE_SCENARIO_STATES,
  type NewScenarioRun,
  type ScenarioRun,
  type ScenarioRunQuery,
  type ScenarioState,
} from "./scenario-run.ts";
import { scenarioRunTable } from "./scenario-run-table.ts";

const FILTERS: Filters<ScenarioRun, ScenarioRunQuery> = {
  scenarioType: equal("scenarioType"),
  state: among("state"),
  actor: equal("actor"),
  correlationId: equal("correlationId"),
  startsFrom: atLeast("startsAt"),
  startsTo: below("startsAt"),
};

/** Runs of scenarios. Every write stamps `updatedAt`. A run that has ended (`COMPLETED`, `STOPPED`, `REJECTED`) stays so. */
export class ScenarioRunRepository {
  readonly #parts: RepositoryParts;
  readonly #rows: Rows<ScenarioRun>;

  constructor(parts: RepositoryParts) {
    this.#parts = parts;
    this.#rows = parts.session.rows(scenarioRunTable);
  }

  /** @throws StorageError `already_exists` for an id in use, `conflict` for what breaks a rule of its table */
  create(run: NewScenarioRun): Promise<ScenarioRun> {
    const now = this.#parts.clock.now();
    return this.#rows.create({
      ...run,
      scenarioId: run.scenarioId ?? this.#parts.newId(),
      parameters: run.parameters ?? {},
      state: run.state ?? "SCHEDULED",
      createdAt: now,
      updatedAt: now,
    });
  }

  /** @throws StorageError `not_found`, "scenario run not found: <id>" */
  async getById(scenarioId: string): Promise<ScenarioRun> {
    const [run] = await this.#rows.find({ where: [named(scenarioId)] });
    return found(run, "scenario run", scenarioId);
  }

  /** @throws StorageError `invalid_query` */
  query(query: ScenarioRunQuery): Promise<Page<ScenarioRun>> {
    return page(this.#rows, scenarioRunTable, FILTERS, query);
  }

  /** All that have not ended, the first to start first. */
  getActive(): Promise<readonly ScenarioRun[]> {
    return this.#rows.find({
      where: [among<ScenarioRun>("state")(LIVE_SCENARIO_STATES)],
      sort: [
        { field: "startsAt", order: "ASC" },
        { field: "scenarioId", order: "ASC" },
      ],
    });
  }

  /**
   * `STOPPED` also sets `stoppedAt`.
   *
   * @param at when it was stopped: now by default
   * @throws StorageError `not_found`; `conflict` when the run has ended in another state
   */
  async updateState(
    scenarioId: string,
    state: ScenarioState,
    at?: Timestamp,
  ): Promise<ScenarioRun> {
    const run = await this.#rows.modify([named(scenarioId)], (before) => {
      const updatedAt = this.#parts.clock.now();
      if (before.state === state) return { updatedAt };
      if (!isLive(before)) {
        throw new StorageError("conflict", `scenario run has ended: ${scenarioId}`);
      }
      return { state, updatedAt, ...(state === "STOPPED" && { stoppedAt: at ?? updatedAt }) };
    });
    return found(run, "scenario run", scenarioId);
  }
}

const named = equal<ScenarioRun>("scenarioId");

function isLive({ state }: ScenarioRun): boolean {
  return LIVE_SCENARIO_STATES.some((live) => live === state);
}
