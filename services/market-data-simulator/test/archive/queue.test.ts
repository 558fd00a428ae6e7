import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Queue } from "../../src/archive/queue.ts";

describe("A queue", () => {
  const filled = (capacity: number, count: number) => {
    const queue = new Queue<number>(capacity);
    for (let item = 1; item <= count; item += 1) queue.add(item);
    return queue;
  };

  it("gives what came first, and lets it go when that is said", () => {
    const queue = filled(10, 4);
    const { items, done } = queue.first(3);
    assert.deepEqual([items, queue.length], [[1, 2, 3], 4]);
    done();
    done();
    assert.deepEqual([queue.first(9).items, queue.length], [[4], 1]);
  });

  it("lets nothing else go when the oldest had to leave meanwhile", () => {
    const queue = filled(4, 4);
    const { items, done } = queue.first(3);
    assert.equal(queue.add(5), true);
    assert.equal(queue.add(6), true);
    done();
    assert.deepEqual(items, [1, 2, 3]);
    assert.deepEqual(queue.first(9).items, [4, 5, 6]);
    queue.first(1).done();
    assert.equal(queue.add(7), false);
    assert.deepEqual(queue.first(9).items, [5, 6, 7]);
  });
});
