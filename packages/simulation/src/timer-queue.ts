import { assert, type Timer, type Timestamp } from "@tse/domain";

interface Entry {
  readonly due: Timestamp;
  /** Order of scheduling: decides between entries due at the same time. */
  readonly order: number;
  /** `undefined` once it was cancelled or taken. */
  task: (() => void) | undefined;
}

/**
 * Timers in order of due time, then of scheduling: a binary heap. A cancelled entry stays in the heap
 * until it comes to the top or until half the heap is cancelled, so that cancelling costs nothing.
 */
export class TimerQueue {
  #heap: Entry[] = [];
  #scheduled = 0;
  #live = 0;

  /** Entries neither cancelled nor taken. */
  get size(): number {
    return this.#live;
  }

  get nextDue(): Timestamp | undefined {
    this.#dropCancelled();
    return this.#heap[0]?.due;
  }

  add(due: Timestamp, task: () => void): Timer {
    const entry: Entry = { due, order: this.#scheduled, task };
    this.#scheduled += 1;
    this.#live += 1;
    this.#heap.push(entry);
    this.#rise(this.#heap.length - 1);
    return { cancel: () => this.#cancel(entry) };
  }

  /** Removes the first timer and returns its task. */
  take(): () => void {
    this.#dropCancelled();
    const entry = this.#removeTop();
    const task = entry?.task;
    assert(entry !== undefined && task !== undefined, "only a waiting timer can be taken");
    entry.task = undefined;
    this.#live -= 1;
    return task;
  }

  #cancel(entry: Entry): void {
    if (entry.task === undefined) return;
    entry.task = undefined;
    this.#live -= 1;
    if (this.#heap.length > 64 && this.#live * 2 < this.#heap.length) this.#compact();
  }

  #dropCancelled(): void {
    while (this.#heap.length > 0 && this.#heap[0]?.task === undefined) this.#removeTop();
  }

  /** A sorted array is a heap. */
  #compact(): void {
    this.#heap = this.#heap.filter((entry) => entry.task !== undefined);
    this.#heap.sort((a, b) => (isBefore(a, b) ? -1 : 1));
  }

  #removeTop(): Entry | undefined {
    const top = this.#heap[0];
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink();
    }
    return top;
  }

  #rise(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfBefore(index, parent)) return;
      index = parent;
    }
  }

  #sink(): void {
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      if (left >= this.#heap.length) return;
      const right = left + 1;
      const child = right < this.#heap.length && this.#precedes(right, left) ? right : left;
      if (!this.#swapIfBefore(child, index)) return;
      index = child;
    }
  }

  #precedes(a: number, b: number): boolean {
    return isBefore(this.#heap[a] as Entry, this.#heap[b] as Entry);
  }

  #swapIfBefore(a: number, b: number): boolean {
    if (!this.#precedes(a, b)) return false;
    const entry = this.#heap[a] as Entry;
    this.#heap[a] = this.#heap[b] as Entry;
    this.#heap[b] = entry;
    return true;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order);
}
