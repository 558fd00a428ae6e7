import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Sequence } from "@tse/domain";
import { textFrame } from "@tse/service-kit";
import fc from "fast-check";
import { encodeEvent } from "../../src/streams/encoding.ts";
import { EventStream, type Subscriber } from "../../src/streams/event-stream.ts";

/** A follower that keeps the sequences of what it was sent. */
class Follower implements Subscriber {
  readonly encoding = "sse";
  readonly seen: number[] = [];

  deliver(bytes: Buffer): void {
    for (const [, id] of bytes.toString().matchAll(/^id: (\d+)$/gm)) this.seen.push(Number(id));
  }
}

type Step = { readonly kind: "append" | "flush" | "join" | "leave"; readonly back: number };

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom("append", "append", "append", "flush", "join", "leave"),
  back: fc.nat(20),
});

interface Visit {
  readonly follower: Follower;
  /** Sequence after which it follows. */
  readonly after: number;
  readonly leave: () => void;
}

/** A stream on which steps are taken, and everybody who ever followed it. */
class Rehearsal {
  readonly stream = newStream();
  readonly present: Visit[] = [];
  readonly gone: (Visit & { readonly end: number })[] = [];

  take({ kind, back }: Step): void {
    if (kind === "append") this.stream.append(this.stream.head as Sequence, back);
    if (kind === "flush") this.stream.flush();
    if (kind === "join") this.#join(Math.max(0, this.stream.head - back));
    if (kind === "leave") this.#leave();
  }

  #join(after: number): void {
    const follower = new Follower();
    this.present.push({ follower, after, leave: this.stream.follow(follower, after) });
  }

  #leave(): void {
    const visit = this.present.shift();
    if (visit === undefined) return;
    this.stream.flush();
    visit.leave();
    this.gone.push({ ...visit, end: this.stream.head });
  }
}

function newStream(): EventStream<number> {
  const topic = { channel: "trades" } as const;
  return new EventStream<number>({ topic, type: "trade", render: (fact) => fact });
}

describe("A stream, for every order of appends, flushes, comings and goings", () => {
  it("sends each follower everything after its start, once and in order", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const rehearsal = new Rehearsal();
        for (const each of steps) rehearsal.take(each);
        rehearsal.stream.flush();

        const { present, gone, stream } = rehearsal;
        for (const { follower, after } of present) {
          assert.deepEqual(follower.seen, range(after + 1, stream.head));
        }
        for (const { follower, after, end } of gone) {
          assert.deepEqual(follower.seen, range(after + 1, end));
        }
      }),
    );
  });

  it("keeps the newest 10,000 events and resumes after any of them", () => {
    const stream = newStream();
    for (let i = 1; i <= 12_345; i++) stream.append(i as Sequence, i);

    assert.deepEqual(
      [stream.holds(2_344), stream.holds(2_345), stream.holds(12_346)],
      [false, true, false],
    );
    assert.equal(stream.sequenceAt(5_000 as Sequence), 5_000);
    const follower = new Follower();
    stream.follow(follower, 2_345);
    assert.deepEqual(follower.seen, range(2_346, 12_345));
  });

  it("lets nobody resume over what it did not record", () => {
    const stream = newStream();
    stream.append(1 as Sequence, 1);
    stream.suspend();

    assert.equal(stream.holds(1), false);
    assert.equal(stream.holds(stream.head), true);
  });
});

describe("A WebSocket text frame", () => {
  it("says its length in 7, 16 or 64 bits", () => {
    const headOf = (length: number) => [...textFrame("x".repeat(length)).subarray(0, 10)];
    assert.deepEqual(headOf(125).slice(0, 2), [0x81, 125]);
    assert.deepEqual(headOf(126).slice(0, 4), [0x81, 126, 0, 126]);
    assert.deepEqual(headOf(65_535).slice(0, 4), [0x81, 126, 255, 255]);
    assert.deepEqual(headOf(65_536), [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
  });

  it("holds its text as UTF-8, and an event holds its topic", () => {
    const topic = { channel: "ticker", symbol: "BTC/USD" } as const;
    const frame = encodeEvent(topic, "websocket", { type: "ticker", sequence: 7, data: "ä€" });
    assert.deepEqual(JSON.parse(frame.subarray(2).toString()), {
      ...topic,
      type: "ticker",
      sequence: 7,
      data: "ä€",
    });
  });
});

function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}
