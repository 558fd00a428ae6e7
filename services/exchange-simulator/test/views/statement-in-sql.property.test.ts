import { deepEqual, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import type { Posting } from "@tse/exchange-data-adapter";
import { Venue } from "@tse/venue";
import fc from "fast-check";
import { LedgerFold } from "../../src/projection/ledger-fold.ts";
import { Statement } from "../../src/views/statement.ts";
import { OPTIONS, randomCommands, unitOf } from "./commands.ts";

const COMMANDS = 800;

/** What an entry says, in memory as in SQL. */
interface Line {
  readonly number: number;
  readonly account: string | undefined;
  readonly asset: string;
  readonly change: bigint;
  readonly total: bigint | undefined;
}

type Numbered = Posting & { readonly entryId: number };

const byNumber = (one: Line, other: Line) => one.number - other.number;

describe("A customer's statement, for random commands", () => {
  it("has the same entries in memory and in SQL: numbers, changes, totals", () => {
    fc.assert(
      fc.property(fc.nat(100_000), (seed) => {
        const venue = new Venue(OPTIONS);
        const statement = new Statement(venue, 100_000);
        const ledger = new LedgerFold(venue);
        for (const command of randomCommands(seed, COMMANDS)) {
          const unit = unitOf(venue, command);
          statement.record(unit);
          ledger.add(unit);
        }

        const customers = venue.accounts().filter(({ role }) => role === "customer");
        const ids = new Set<string | undefined>(customers.map(({ id }) => id));
        const shown: Line[] = customers.flatMap(({ number: account, id }) =>
          statement.entries(account).map(({ number, asset, change, total }) => ({
            number,
            account: id,
            asset: venue.assetName(asset),
            change,
            total,
          })),
        );
        const stored: Line[] = ledger
          .take()
          .flatMap(({ entries }) => entries as readonly Numbered[])
          .filter(({ accountId }) => ids.has(accountId))
          .map(({ entryId, accountId, asset, amount, balanceAfter }) => ({
            number: entryId,
            account: accountId,
            asset,
            change: amount,
            total: balanceAfter,
          }));
        deepEqual(shown.sort(byNumber), stored.sort(byNumber));
        ok(shown.length > 100, `${shown.length} entries`);
      }),
      { numRuns: 20 },
    );
  });
});
