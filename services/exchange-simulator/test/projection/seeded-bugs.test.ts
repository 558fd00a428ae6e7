import { deepEqual, equal, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import { isDeepStrictEqual } from "node:util";
import type { ExchangeDataAdapter } from "@tse/exchange-data-adapter";
import { BUGS, type Bug, withBug } from "./bugs.ts";
import { Projecting } from "./projecting.ts";
import { randomJournal } from "./random-journal.ts";
import { rowsOf, TARGETS, type Target } from "./targets.ts";

const STEP = 40;
const journal = await randomJournal(5, 400);
const memory = TARGETS[0] as Target;

/** How the tests of the projection would find a bug. */
interface Finding {
  /** The projection ended by itself. */
  readonly ended: boolean;
  readonly holds: boolean;
  readonly sameRows: boolean;
}

async function rowsOfSound() {
  const adapter = await memory.open();
  const projecting = await Projecting.start(journal, adapter);
  await projecting.upTo(journal.last);
  await projecting.stop();
  return rowsOf(adapter, journal);
}

async function find(bug: Bug | undefined, expected: unknown): Promise<Finding> {
  const adapter: ExchangeDataAdapter = await memory.open();
  const buggy = bug === undefined ? adapter : withBug(adapter, bug);
  const projecting = await Projecting.start(journal, buggy);
  try {
    await projecting.inSteps(STEP, journal.last);
    const { holds } = await projecting.verify();
    await projecting.stop();
    const sameRows = isDeepStrictEqual(await rowsOf(adapter, journal), expected);
    return { ended: false, holds, sameRows };
  } catch {
    return { ended: true, holds: false, sameRows: false };
  }
}

describe("a bug of the projection", () => {
  const expected = rowsOfSound();

  it("that isn't there is not found", async () => {
    const finding = await find(undefined, await expected);
    deepEqual(finding, { ended: false, holds: true, sameRows: true });
  });

  for (const [name, bug] of Object.entries(BUGS)) {
    it(`is found: ${name}`, async () => {
      const { ended, holds, sameRows } = await find(bug, await expected);
      ok(ended || !holds || !sameRows);
      equal(sameRows, false);
    });
  }
});
