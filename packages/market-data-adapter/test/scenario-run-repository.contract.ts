import assert from "node:assert/strict";
import { it } from "node:test";
import { timestamp } from "@tse/domain";
import { StorageError } from "@tse/storage";
import type {
  NewScenarioRun,
  ScenarioRun,
  ScenarioRunQuery,
  ScenarioState,
} from "../src/scenario-runs/scenario-run.ts";
import { type Implementation, NOON } from "./implementations.ts";
import { ABSENT_ID, refused } from "./refused.ts";
import { storeSuite } from "./store-suite.ts";

const run = (scenarioType: string, i = 0, others: Partial<NewScenarioRun> = {}) => ({
  scenarioType,
  symbols: ["BTC/USD"],
  seed: 42n,
  actor: "admin",
  startsAt: timestamp(NOON + i),
  endsAt: timestamp(NOON + i + 10),
  ...others,
});

/** What a scenario run repository promises, whatever it is made of. */
export function scenarioRunContract(implementation: Implementation): void {
  storeSuite("scenario runs", implementation, (store) => {
    const repository = () => store().repositories.scenarioRunRepository;
    const found = async (query: ScenarioRunQuery) =>
      (await repository().query(query)).items.map(({ startsAt }) => startsAt - NOON);

    it("creates with defaults, and reads back what it returned", async () => {
      const created = await repository().create(run("crash"));

      assert.deepEqual(created, {
        scenarioId: created.scenarioId,
        scenarioType: "crash",
        symbols: ["BTC/USD"],
        parameters: {},
        seed: 42n,
        state: "SCHEDULED",
        actor: "admin",
        correlationId: undefined,
        startsAt: NOON,
        endsAt: timestamp(NOON + 10),
        stoppedAt: undefined,
        createdAt: NOON,
        updatedAt: NOON,
      });
      assert.deepEqual(await repository().getById(created.scenarioId), created);
    });

    it("keeps every field as it was given, a seed of 64 bits too", async () => {
      const given: ScenarioRun = {
        scenarioId: "01900000-0000-7000-8000-000000000005",
        scenarioType: "price-shock",
        symbols: ["BTC/USD", 'odd "name", {really}', "ETH/USD"],
        parameters: { shock_percentage: -15, pattern: "v_shape" },
        seed: -(2n ** 63n),
        state: "REJECTED",
        actor: "coordinator",
        correlationId: "c-1",
        startsAt: timestamp(NOON + 1),
        endsAt: timestamp(NOON + 2),
        stoppedAt: timestamp(NOON + 3),
        createdAt: NOON,
        updatedAt: NOON,
      };

      assert.deepEqual(await repository().create(given), given);
      assert.deepEqual(await repository().getById(given.scenarioId), given);
    });

    it("refuses what breaks a rule of its table, and what a column can't hold", async () => {
      const bad = (others: Partial<NewScenarioRun>) => repository().create(run("bad", 0, others));

      await refused("conflict", bad({ symbols: [] }));
      await refused("conflict", bad({ endsAt: NOON }));
      await refused("conflict", bad({ state: "PAUSED" as ScenarioState }));
      await refused("invalid_query", bad({ seed: 2n ** 63n }));
      await refused("invalid_query", bad({ symbols: ["nul\0"] }));
      assert.deepEqual(await found({ scenarioType: "bad" }), []);
    });

    it("moves through its states, and stays where it ended", async () => {
      const { scenarioId } = await repository().create(run("moves"));
      const now = store().clock.advance(5);
      assert.equal((await repository().updateState(scenarioId, "BUILDUP")).updatedAt, now);
      await repository().updateState(scenarioId, "SUSTAIN");
      const stopped = await repository().updateState(scenarioId, "STOPPED");

      assert.deepEqual([stopped.state, stopped.stoppedAt], ["STOPPED", now]);
      await refused("conflict", repository().updateState(scenarioId, "RECOVERY"));
      await refused("conflict", repository().updateState(scenarioId, "COMPLETED"));
      store().clock.advance(5);
      const again = await repository().updateState(scenarioId, "STOPPED");
      assert.deepEqual([again.state, again.stoppedAt], ["STOPPED", now]);
    });

    it("knows when a run was stopped, however late it is told", async () => {
      const { scenarioId } = await repository().create(run("late"));
      store().clock.advance(5);
      const at = timestamp(NOON + 1);

      assert.equal((await repository().updateState(scenarioId, "STOPPED", at)).stoppedAt, at);
    });

    it("says which scenario run there isn't", async () => {
      const absent = new StorageError("not_found", `scenario run not found: ${ABSENT_ID}`);
      await assert.rejects(repository().getById(ABSENT_ID), absent);
      await assert.rejects(repository().updateState(ABSENT_ID, "STOPPED"), absent);
    });

    it("gives those that have not ended, the first to start first", async () => {
      const before = await repository().getActive();
      const late = await repository().create(run("active", 900));
      const early = await repository().create(run("active", -900, { state: "SUSTAIN" }));
      await repository().create(run("active", 0, { state: "COMPLETED" }));

      const ids = (await repository().getActive()).map(({ scenarioId }) => scenarioId);
      assert.equal(ids.length, before.length + 2);
      assert.deepEqual([ids[0], ids.at(-1)], [early.scenarioId, late.scenarioId]);
    });

    it("filters by type, states, actor, correlation and start, the latest start first", async () => {
      const scenarioType = "filter";
      await repository().create(run(scenarioType, 1, { actor: "a", correlationId: "c-1" }));
      await repository().create(run(scenarioType, 2, { actor: "b", state: "SUSTAIN" }));
      await repository().create(run(scenarioType, 3, { actor: "b", state: "STOPPED" }));

      assert.deepEqual(await found({ scenarioType }), [3, 2, 1]);
      assert.deepEqual(await found({ scenarioType, state: "SUSTAIN" }), [2]);
      assert.deepEqual(await found({ scenarioType, state: ["STOPPED", "SCHEDULED"] }), [3, 1]);
      assert.deepEqual(await found({ scenarioType, state: [] }), []);
      assert.deepEqual(await found({ scenarioType, actor: "b" }), [3, 2]);
      assert.deepEqual(await found({ scenarioType, correlationId: "c-1" }), [1]);
      const between = { startsFrom: timestamp(NOON + 2), startsTo: timestamp(NOON + 3) };
      assert.deepEqual(await found({ scenarioType, ...between }), [2]);
      assert.deepEqual(await found({ scenarioType, sortOrder: "ASC", limit: 1 }), [1]);
    });
  });
}
