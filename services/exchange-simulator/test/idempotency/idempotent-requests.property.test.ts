import { deepEqual, equal, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import { type AccountNumber, amount } from "@tse/domain";
import { MemoryCommandLog } from "@tse/journal";
import fc from "fast-check";
import { IdempotentReplies } from "../../src/idempotency/idempotent-replies.ts";
import {
  IdempotentRequests,
  type RequestOutcome,
} from "../../src/idempotency/idempotent-requests.ts";
import { startExchange, TEST_ORIGIN } from "../support/exchange.ts";
import { bySequence } from "./units.ts";

/** `unknown` names something that isn't there: it never reaches the venue. */
type Body = "1" | "2" | "unknown";

interface Sent {
  readonly key: string;
  readonly body: Body;
}

type Ending = RequestOutcome | "refused";

const sent = fc.record<Sent>({
  key: fc.constantFrom("a", "b"),
  body: fc.constantFrom<Body[]>("1", "1", "2", "unknown"),
});

/** Every request sent whenever the scheduler likes, before a disk that is done whenever it likes. */
async function sendAll(scheduler: fc.Scheduler, all: readonly Sent[]) {
  let isScheduled = false;
  const flush = async () => {
    if (isScheduled) await scheduler.schedule(Promise.resolve(), "flush");
  };
  const world = await startExchange({ log: new MemoryCommandLog({ flush }) });
  const account = await world.open();
  const replies = new IdempotentReplies({ render: bySequence });
  world.exchange.subscribe(replies.record);
  const requests = new IdempotentRequests({ replies, clock: world.clock });
  isScheduled = true;

  const endings = all.map(async ({ key, body }): Promise<Ending> => {
    await scheduler.schedule(Promise.resolve(), `${key} ${body}`);
    const request = { account: account.number, key, hash: body, reply: "test" };
    const act = async () => {
      if (body === "unknown") throw new RangeError("there is no such thing");
      const command = depositOf(account.number, body);
      return world.exchange.submit(command, { ...TEST_ORIGIN, request }, (unit) =>
        bySequence(unit, request),
      );
    };
    return requests.once(request, act).catch(() => "refused" as const);
  });
  const ended = await scheduler.waitFor(Promise.all(endings));
  return { ended, units: world.units, world };
}

function depositOf(account: AccountNumber, body: string) {
  const money = { asset: 0 as never, amount: amount(BigInt(body)) };
  return { kind: "deposit", account, ...money, externalId: "", reason: "" } as const;
}

describe("IdempotentRequests", () => {
  it("act once for each key, however they interleave, and get the one answer", async () => {
    const property = fc.asyncProperty(
      fc.scheduler(),
      fc.array(sent, { minLength: 1, maxLength: 12 }),
      async (scheduler, all) => {
        const { ended, units } = await sendAll(scheduler, all);

        for (const key of ["a", "b"]) {
          const acted = units.filter(({ origin }) => origin.request?.key === key);
          const mine = all.map((each, index) => ({ ...each, ended: ended[index] as Ending }));
          const ofKey = mine.filter((each) => each.key === key);
          const isKnown = ofKey.some(({ body }) => body !== "unknown");
          equal(acted.length, isKnown ? 1 : 0);
          assertEndings(ofKey, acted[0]?.origin.request?.hash, acted[0]?.sequence);
        }
      },
    );
    await fc.assert(property, { numRuns: 150 });
  });

  it("leave nothing behind: what failed may be tried again", async () => {
    const world = await startExchange();
    const replies = new IdempotentReplies({ render: bySequence });
    const requests = new IdempotentRequests({ replies, clock: world.clock });
    const request = { account: 1 as AccountNumber, key: "a", hash: "1", reply: "test" };
    const reply = bySequence(world.units[0] as never, request);
    let tries = 0;
    const act = async () => {
      tries += 1;
      if (tries === 1) throw new RangeError("not yet");
      return reply;
    };

    const first = await requests.once(request, act).catch((error: Error) => error.message);
    const second = await requests.once(request, act);

    equal(first, "not yet");
    deepEqual(second, { status: "answered", reply, isReplay: false });
  });
});

function assertEndings(
  requests: readonly (Sent & { readonly ended: Ending })[],
  winner: string | undefined,
  sequence: number | undefined,
): void {
  const answered = requests.filter(({ body }) => body === winner).map(({ ended }) => ended);
  let firsts = 0;
  for (const ending of answered) {
    ok(ending !== "refused" && ending.status === "answered");
    equal(ending.reply.body, `{"sequence":${sequence}}`);
    if (!ending.isReplay) firsts += 1;
  }
  equal(firsts, winner === undefined ? 0 : 1);
  for (const { body, ended } of requests) {
    if (body === winner) continue;
    const isConflict = ended !== "refused" && ended.status === "conflict";
    ok(isConflict || (ended === "refused" && body === "unknown"), `${body} ended otherwise`);
  }
}
