import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import process from "node:process";
import { after as afterAll, before, describe, it } from "node:test";
import {
  type MarketDataAdapter,
  newMarketDataAdapter,
  type StoreConfig,
} from "@tse/market-data-adapter";
import { type BoardState, ScenarioBoard, type ScenarioDefinition } from "@tse/market-model";
import { realClock, silentLogger } from "@tse/service-kit";
import { seededRandom } from "@tse/simulation";
import { openPostgres, StorageError } from "@tse/storage";
import { TEST_BACKENDS } from "@tse/storage/testing";
import { ScenarioRuns } from "../../src/archive/scenario-runs.ts";
import { symbolsOf } from "../../src/feed/symbol-terms.ts";
import { after, MINUTE, START } from "../support/feeds.ts";

const url = process.env.TEST_POSTGRES_URL ?? "";
const schema = `test_${randomUUID().replaceAll("-", "")}`;
const isOnServer = TEST_BACKENDS.find(({ name }) => name === "postgres");

interface Backend {
  readonly name: string;
  readonly skip: string | false;
  readonly store: StoreConfig;
  remove(): Promise<void>;
}

const BACKENDS: readonly Backend[] = [
  { name: "memory", skip: false, store: { kind: "memory" }, async remove() {} },
  {
    name: "PostgreSQL",
    skip: isOnServer?.skip ?? false,
    store: { kind: "postgres", url },
    async remove() {
      const database = openPostgres({ url, schema, pool: { connectionsMax: 1 } });
      await database.db.schema.dropSchema(schema).ifExists().cascade().execute();
      await database.close();
    },
  },
];

/** Falls for ten minutes, stays for ten, comes back in twenty. */
const DIP: ScenarioDefinition = {
  name: "dip",
  kind: "crash",
  title: "A dip",
  duration: 60 * MINUTE,
  release: 0,
  pinned: false,
  phases: [
    { name: "fall", at: 0 },
    { name: "low", at: 10 * MINUTE },
    { name: "back", at: 20 * MINUTE },
  ],
  effects: [
    {
      on: "price",
      assets: ["ETH"],
      path: { path: "move", change: -0.1, after: 0, over: 10 * MINUTE, shape: "linear" },
      recovery: { share: 1, hold: 10 * MINUTE, time: 20 * MINUTE, shape: "linear" },
    },
  ],
};

/** One life of a world that keeps its scenarios in a store. */
function life(adapter: Pick<MarketDataAdapter, "scenarioRunRepository">, state?: BoardState) {
  const symbols = symbolsOf(["BTC/USD", "ETH/USD"]);
  const runs = new ScenarioRuns({ adapter, symbols, logger: silentLogger });
  const board = new ScenarioBoard({
    assets: ["BTC", "ETH"],
    time: state?.time ?? START,
    onEvent: (event) => runs.record(event),
    ...(state && { state }),
  });
  const start = (id: string, more: object = {}) =>
    board.perform({
      kind: "start",
      id,
      definition: DIP,
      at: board.time,
      random: seededRandom(1),
      seed: "42",
      ...more,
    });
  return { runs, board, start };
}

/** A store that is away, or that does what it is asked and loses the answer. */
function failing({ scenarioRunRepository }: MarketDataAdapter) {
  const state = { mode: "away" as "there" | "away" | "answers lost" };
  const guarded = new Proxy(scenarioRunRepository, {
    get(target, name) {
      const method = Reflect.get(target, name, target) as (...given: unknown[]) => unknown;
      return async (...given: unknown[]) => {
        const answer = state.mode === "away" ? undefined : await method.apply(target, given);
        if (state.mode === "there") return answer;
        throw new StorageError("storage_unavailable", "away");
      };
    },
  });
  return { state, adapter: { scenarioRunRepository: guarded } };
}

for (const { name, skip, store, remove } of BACKENDS) {
  describe(`Scenario runs in ${name}`, { skip }, () => {
    let adapter: MarketDataAdapter;
    before(async () => {
      const clock = realClock();
      const parts = { logger: silentLogger, clock, realClock: clock, random: seededRandom(1) };
      adapter = newMarketDataAdapter(
        { instanceName: "market-data-simulator", store, schema },
        parts,
      );
      await adapter.connect();
    });
    afterAll(async () => {
      await adapter.disconnect();
      await remove();
    });

    /** The rows of runs by their own ids, each as often as it is there. */
    const rows = async (...ids: string[]) => {
      const { items } = await adapter.scenarioRunRepository.query({ limit: 100 });
      return items.filter(({ parameters }) => ids.includes(String(parameters.run)));
    };
    const states = async (...ids: string[]) =>
      (await rows(...ids)).map(({ parameters, state }) => `${parameters.run} ${state}`).sort();

    it("have a row from the start on, with the truth, moved on from phase to phase", async () => {
      const { runs, board, start } = life(adapter);
      start("truth", { intensity: 0.5 });
      await runs.write(board);
      const [row] = await rows("truth");
      assert.equal(row?.scenarioType, "crash");
      assert.deepEqual(row?.symbols, ["ETH/USD", "ETH/USDT", "ETH/BTC"]);
      assert.deepEqual([row?.seed, row?.startsAt, row?.endsAt], [42n, START, after(60 * MINUTE)]);
      assert.deepEqual(
        [row?.parameters.seed, row?.parameters.name, row?.parameters.intensity],
        ["42", "dip", "0.5"],
      );
      const seen = [];
      for (const minute of [9, 10, 20, 59, 60]) {
        board.advanceTo(after(minute * MINUTE));
        await runs.write(board);
        seen.push((await rows("truth"))[0]?.state);
      }
      assert.deepEqual(seen, ["BUILDUP", "SUSTAIN", "RECOVERY", "RECOVERY", "COMPLETED"]);
    });

    it("know when they were stopped or replaced, each run in a row of its own", async () => {
      const { runs, board, start } = life(adapter);
      start("swapped", { seed: "words" });
      board.advanceTo(after(5 * MINUTE));
      start("swapped", { kind: "replace", seed: "other words", intensity: 0 });
      board.advanceTo(after(7 * MINUTE));
      board.perform({ kind: "stop", id: "swapped", at: board.time });
      await runs.write(board);
      const ended = (await rows("swapped")).map(({ state, stoppedAt, symbols, seed }) => ({
        at: ((stoppedAt ?? 0) - START) / MINUTE,
        state,
        symbols: symbols.length,
        isHashed: seed !== 0n,
      }));
      assert.deepEqual(
        ended.sort((a, b) => a.at - b.at),
        [
          { at: 5, state: "STOPPED", symbols: 3, isHashed: true },
          { at: 7, state: "STOPPED", symbols: 6, isHashed: true },
        ],
      );
    });

    it("wait while storage is away, and are written once whatever became of an answer", async () => {
      const { state, adapter: guarded } = failing(adapter);
      const { runs, board, start } = life(guarded);
      start("waits");
      board.advanceTo(after(30 * MINUTE));
      await assert.rejects(runs.write(board), { code: "storage_unavailable" });
      assert.equal(runs.waiting, 4);
      assert.deepEqual(await rows("waits"), []);
      state.mode = "answers lost";
      for (let attempt = 0; attempt < 3; attempt++) {
        await assert.rejects(runs.write(board), { code: "storage_unavailable" });
      }
      state.mode = "there";
      await runs.write(board);
      assert.equal(runs.waiting, 0);
      assert.deepEqual(await states("waits"), ["waits RECOVERY"]);
    });

    it("are the same rows after a restart, and what a crash swallowed is found", async () => {
      const first = life(adapter);
      for (const id of ["kept", "lost-end", "gone"]) first.start(id);
      await first.runs.write(first.board);
      first.start("lost-start");
      first.board.advanceTo(after(15 * MINUTE));
      first.board.perform({ kind: "stop", id: "gone", at: first.board.time });
      const saved = first.board.state();
      const ended = saved.runs.filter(({ start }) => start.id !== "lost-end");

      const second = life(adapter, { ...saved, runs: ended });
      for (let write = 0; write < 2; write++) await second.runs.write(second.board);
      const ids = ["kept", "lost-end", "gone", "lost-start"];
      assert.deepEqual(await states(...ids), [
        "gone STOPPED",
        "kept SUSTAIN",
        "lost-end STOPPED",
        "lost-start SUSTAIN",
      ]);
      second.board.advanceTo(after(60 * MINUTE));
      const third = life(adapter, second.board.state());
      await third.runs.write(third.board);
      assert.deepEqual(await states(...ids), [
        "gone STOPPED",
        "kept COMPLETED",
        "lost-end STOPPED",
        "lost-start COMPLETED",
      ]);
    });
  });
}
