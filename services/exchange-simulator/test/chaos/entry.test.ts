import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type AccountNumber, type Duration, duration } from "@tse/domain";
import { type Interferer, OrderEntry, type TradingCommand } from "../../src/entry.ts";
import { startExchange, TEST_ORIGIN } from "../support/exchange.ts";

const ms = (count: number): Duration => duration(count * 1_000);
const NO_FAULTS: Interferer = { interfere: (command) => ({ command, delay: duration(0) }) };

/** Holds cancels of all orders by account: the tests' commands differ in it alone. */
function holding(delays: Readonly<Record<number, Duration>>): Interferer {
  return {
    interfere: (command) => ({ command, delay: delays[command.account] ?? duration(0) }),
  };
}

function cancelAll(account: number): TradingCommand {
  return { kind: "cancel_all_orders", account: account as AccountNumber, instrument: undefined };
}

async function startEntry(faults: Interferer, matchingLatency = duration(0)) {
  const world = await startExchange();
  const { exchange, clock } = world;
  const entry = new OrderEntry({ exchange, clock, faults, matchingLatency });
  const arrived: number[] = [];
  exchange.subscribe(({ command }) => {
    if (command.kind === "cancel_all_orders") arrived.push(command.account);
  });
  return {
    ...world,
    entry,
    arrived,
    submit: (account: number) => entry.submit(cancelAll(account), TEST_ORIGIN),
  };
}

describe("The way of a command into the exchange", () => {
  it("leads straight to the sequencer while nothing holds it", async () => {
    const { submit, arrived, entry } = await startEntry(NO_FAULTS);
    await submit(1);

    assert.deepEqual([arrived, entry.waiting], [[1], 0]);
  });

  it("takes the matching latency, in world time", async () => {
    const { submit, arrived, advance, clock } = await startEntry(NO_FAULTS, ms(10));
    const unit = submit(1);
    await advance(ms(9));
    assert.deepEqual(arrived, []);
    await advance(ms(1));

    assert.deepEqual(arrived, [1]);
    assert.equal((await unit).time, clock.now());
  });

  it("lets nobody overtake a command that is held", async () => {
    const { submit, arrived, advance, entry } = await startEntry(
      holding({ 1: ms(500), 3: ms(100) }),
    );
    const units = [1, 2, 3, 4].map(submit);
    assert.equal(entry.waiting, 4);
    await advance(ms(499));
    assert.deepEqual(arrived, []);
    await advance(ms(1));
    await Promise.all(units);

    assert.deepEqual(arrived, [1, 2, 3, 4]);
  });

  it("makes a later and longer wait end later", async () => {
    const { submit, arrived, advance } = await startEntry(holding({ 1: ms(100), 2: ms(300) }));
    const units = [submit(1)];
    await advance(ms(50));
    units.push(submit(2), submit(3));
    await advance(ms(50));
    assert.deepEqual(arrived, [1]);
    await advance(ms(249));
    assert.deepEqual(arrived, [1]);
    await advance(ms(1));

    assert.deepEqual(arrived, [1, 2, 3]);
    await Promise.all(units);
  });

  it("sends on in order what is held when it closes, and holds nothing more", async () => {
    const { submit, arrived, entry } = await startEntry(holding({ 1: ms(60_000), 4: ms(60_000) }));
    const units = [1, 2, 3].map(submit);
    entry.close();
    await Promise.all([...units, submit(4)]);

    assert.deepEqual([arrived, entry.waiting], [[1, 2, 3, 4], 0]);
  });
});
