import { deepEqual, equal, ok } from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { ExchangeDataAdapter } from "@tse/exchange-data-adapter";
import { StorageError } from "@tse/storage";
import { faultyAt } from "./faulty-adapter.ts";
import { Projecting } from "./projecting.ts";
import { type Journal, randomJournal } from "./random-journal.ts";
import { rowsOf, TARGETS, type Target } from "./targets.ts";

const COMMANDS = 480;
const journal = await randomJournal(7, COMMANDS);

/** What the journal leaves in an empty store when `project` writes it. */
async function rowsAfter(
  target: Target,
  project: (adapter: ExchangeDataAdapter) => Promise<void>,
  of: Journal = journal,
) {
  const adapter = await target.open();
  try {
    await project(adapter);
    const projecting = await Projecting.start(of, adapter);
    const verdict = await projecting.verify();
    await projecting.stop();
    deepEqual([verdict.holds, verdict.differences, verdict.position], [true, [], of.last]);
    return await rowsOf(adapter, of);
  } finally {
    await adapter.disconnect();
  }
}

async function undisturbed(adapter: ExchangeDataAdapter): Promise<void> {
  const projecting = await Projecting.start(journal, adapter);
  await projecting.upTo(journal.last);
  await projecting.stop();
}

const unavailable = () => new StorageError("storage_unavailable", "cut off");

for (const target of TARGETS) {
  describe(`rows of a random journal (${target.name})`, { skip: target.skip }, () => {
    let expected: Awaited<ReturnType<typeof rowsAfter>>;
    before(async () => {
      expected = await rowsAfter(target, undisturbed);
    });

    it("are the same whatever the steps, the audit chain hash for hash", async () => {
      const rows = await rowsAfter(target, async (adapter) => {
        const projecting = await Projecting.start(journal, adapter);
        await projecting.inSteps(37, journal.last);
        await projecting.stop();
        ok(projecting.steps.length > 10);
      });

      deepEqual(rows, expected);
      ok(rows.audit.length > 100, `${rows.audit.length} audit events`);
    });

    it("are written once when any statement of a step fails, or its commit, taken or not", async () => {
      let failed = 0;
      const rows = await rowsAfter(target, async (adapter) => {
        const faulty = faultyAt(adapter, unavailable);
        const projecting = await Projecting.start(journal, faulty.adapter);
        for (let next = 20; next < journal.last; next += 20) {
          faulty.failNext();
          await projecting.upTo(next);
        }
        await projecting.upTo(journal.last);
        await projecting.stop();
        failed = projecting.failures.length;
        ok(faulty.isThrough, "every statement failed once");
      });

      deepEqual(rows, expected);
      ok(failed > 15, `${failed} failures`);
    });

    it("are written once when the projection ends after each step and starts anew", async () => {
      const rows = await rowsAfter(target, async (adapter) => {
        for (let next = 60; next < journal.last + 60; next += 60) {
          const projecting = await Projecting.start(journal, adapter);
          await projecting.upTo(Math.min(next, journal.last));
          await projecting.stop();
        }
      });

      deepEqual(rows, expected);
    });
  });
}

describe("rows of a random journal", () => {
  it("are the same in every store", async () => {
    const stores = await Promise.all(
      TARGETS.filter(({ skip }) => skip === false).map((target) => rowsAfter(target, undisturbed)),
    );
    const [memory, ...others] = stores.map(({ feeTiers: _, assets: __, ...rows }) => rows);
    for (const rows of others) deepEqual(rows, memory);
    equal(stores.length > 1, true);
  });
});
