import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type FrozenWorld, frozenWorld } from "./frozen-world.ts";

const REALISTIC = { PARTICIPANTS: "realistic" };
const FIXED = { PARTICIPANTS: "fixed-spread" };

async function seen({ book }: FrozenWorld): Promise<readonly [state: string, quotes: number]> {
  const { marketDataState, bids, asks } = await book();
  return [marketDataState, bids.length + asks.length];
}

const isQuoted = ([state, quotes]: readonly [string, number]) => state === "live" && quotes > 4;

/** A client over a wire that is there before anything else happens. */
async function watching({ prices }: FrozenWorld): Promise<AsyncDisposable> {
  const abort = new AbortController();
  const { body } = await fetch(`${prices.http}/api/v1/stream/prices`, { signal: abort.signal });
  await body?.getReader().read();
  return {
    async [Symbol.asyncDispose]() {
      abort.abort();
    },
  };
}

describe("The feed of a world in one process", () => {
  for (const participants of [FIXED, REALISTIC]) {
    const who = participants.PARTICIPANTS;
    it(`is stale to ${who} participants after 30 s without a tick, until it is back`, async () => {
      await using world = await frozenWorld("42", participants);
      await world.advance("5s");
      assert.ok(isQuoted(await seen(world)));

      await world.market("POST", "/chaos/feed-disruption", {
        source: "feed",
        packet_loss_percentage: 100,
        duration_seconds: 40,
      });
      await world.advance("29s");
      assert.ok(isQuoted(await seen(world)));
      await world.advance("1s");
      assert.deepEqual(await seen(world), ["stale", 0]);
      await world.advance("9s");
      assert.deepEqual(await seen(world), ["stale", 0]);

      await world.advance("2s");
      assert.ok(isQuoted(await seen(world)), "within one tick of the feed's return");
    });
  }

  it("does the same for the same seed under every fault, in other steps and before other eyes", async () => {
    const strikes = [
      ["disconnect", {}],
      ["drop", { probability: 0.5 }],
      ["reorder", { probability: 0.3, distance: 3 }],
      ["latency", { latency_ms: 1_200, jitter_ms: 900 }],
      ["burst", { enter: 0.2, leave: 0.3 }],
      ["freeze", {}],
    ] as const;
    /** @param steps that 20 s are made of */
    async function course(seed: string, isWatched: boolean, steps: readonly string[]) {
      await using world = await frozenWorld(seed, FIXED);
      await using _ = isWatched ? await watching(world) : undefined;
      for (const [effect, parameters] of strikes) {
        await world.market("POST", "/admin/faults", { effect, parameters, duration_seconds: 15 });
        for (const by of steps) await world.advance(by);
      }
      return world.eventHash();
    }
    const alone = await course("7", false, ["20s"]);
    assert.equal(await course("7", true, ["300ms", "12700ms", "7s"]), alone);
    assert.notEqual(await course("8", false, ["20s"]), alone);
  });

  it("is moved by no order, however large, while the venue's prices are", async () => {
    const [calm, stormy] = await Promise.all(
      [false, true].map(async (isStormy) => {
        await using world = await frozenWorld("42", REALISTIC);
        const { accountId } = world.demo;
        const money = { asset: "USD", amount: "10000000" };
        await world.admin("POST", `/admin/accounts/${accountId}/deposits`, money);
        for (let second = 0; second < 10; second++) {
          if (isStormy) await world.buy("15");
          await world.advance("1s");
        }
        const { bids, asks } = await world.book();
        const mid = (Number(bids[0][0]) + Number(asks[0][0])) / 2;
        return { ticks: await world.published(), mid };
      }),
    );
    assert.equal(calm?.ticks.length, 11);
    assert.deepEqual(stormy?.ticks, calm?.ticks);
    assert.ok(stormy!.mid > calm!.mid * 1.0005, `${calm?.mid} to ${stormy?.mid}`);
  });
});
