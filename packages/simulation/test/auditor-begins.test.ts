import { deepEqual, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import { amount, timestamp, type VenueEvent } from "@tse/domain";
import { Venue, type VenueState } from "@tse/venue";
import { Auditor, RandomCommands, seededRandom } from "../src/index.ts";

const OPTIONS = {
  kycRequired: false,
  maxSubAccounts: 5,
  orderRate: undefined,
  maxOrderNotional: amount(10n ** 22n),
  unitOfAccount: "USD",
};
const START = 1_700_000_000_000_000;

/** What random commands leave behind. */
function someState(): VenueState {
  const venue = new Venue(OPTIONS);
  const commands = new RandomCommands(venue, seededRandom("before"), 50);
  for (const command of commands.opening()) venue.apply(command, timestamp(START));
  for (let n = 0; n < 2_000; n++) venue.apply(commands.next(), timestamp(START + n));
  return venue.save();
}

const state = someState();

/** What an auditor finds who begins with the restored state and follows on, told `tell(events)`. */
function found(
  from: VenueState,
  tell: (events: VenueEvent[]) => VenueEvent[] = (events) => events,
): string[] {
  const venue = Venue.restore(OPTIONS, from);
  const auditor = new Auditor(venue);
  const commands = new RandomCommands(venue, seededRandom("after"), 50);
  const violations = [...auditor.checkAll()];
  for (let n = 0; n < 500 && violations.length === 0; n++) {
    venue.apply(commands.next(), timestamp(START + 2_000 + n));
    violations.push(...auditor.follow(tell([...venue.events])));
    venue.events.clear();
  }
  violations.push(...auditor.checkAll());
  return [...new Set(violations.map(({ invariant }) => invariant))];
}

/** The state with the limb at `column` of the first balance with locked money one higher. */
function withMore(column: number): VenueState {
  const cells = state.ledger.cells.slice();
  for (let cell = 0; cell < cells.length; cell += 8) {
    if (cells[cell + 3] === 0) continue;
    cells[cell + column] = (cells[cell + column] as number) + 1;
    break;
  }
  return { ...state, ledger: { ...state.ledger, cells } };
}

function withoutOneOrder(): VenueState {
  const columns = Object.entries(state.orders).map(([name, column]) => [name, column.slice(0, -1)]);
  return { ...state, orders: Object.fromEntries(columns) };
}

describe("an auditor who begins with a restored venue", () => {
  it("finds nothing wrong with it, and nothing after", () => {
    ok(state.orders.orderSeq.length > 50, "there are orders to take over");
    deepEqual(found(state), []);
  });

  it("finds money that nobody deposited", () => {
    ok(found(withMore(1)).includes("conservation"));
  });

  it("finds locks that no order needs", () => {
    ok(found(withMore(3)).includes("locked"));
    ok(found(withoutOneOrder()).includes("locked"));
  });

  it("finds queues that aren't in order of arrival", () => {
    const orderSeq = state.orders.orderSeq.slice().reverse();
    const named = { named: new Int32Array(), clientOrderIds: [] };
    const turned = { ...state, orders: { ...state.orders, orderSeq, ...named } };
    ok(found(turned).includes("priority"));
  });

  for (const kind of ["trade", "level_changed", "order_closed", "balance_changed"] as const) {
    it(`finds the first ${kind} after it that isn't told`, () => {
      ok(found(state, (events) => events.filter((event) => event.kind !== kind)).length > 0);
    });
  }

  it("knows the numbers that come next", () => {
    const skip = (events: VenueEvent[]) =>
      events.map((event) =>
        event.kind === "trade" ? { ...event, tradeSeq: (event.tradeSeq + 1) as never } : event,
      );
    ok(found(state, skip).includes("trade"));
  });
});
