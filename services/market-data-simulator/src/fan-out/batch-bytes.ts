import type { StreamEvent } from "./topic.ts";

interface Node {
  readonly next: Map<StreamEvent, Node>;
  readonly frame: Buffer | undefined;
  readonly before: Node | undefined;
  bytes: Buffer | undefined;
}

/**
 * The bytes of batches of events, made once for all subscribers who get the same events in the same order. A tree of
 * what was sent in one flush: each path from its root is one batch.
 */
export class BatchBytes {
  readonly #encode: (event: StreamEvent) => Buffer;
  #root = node(undefined, undefined);

  constructor(encode: (event: StreamEvent) => Buffer) {
    this.#encode = encode;
  }

  /** @param events at least one */
  of(events: readonly StreamEvent[]): Buffer {
    let at = this.#root;
    for (const event of events) {
      let next = at.next.get(event);
      if (next === undefined) {
        next = node(this.#encode(event), at);
        at.next.set(event, next);
      }
      at = next;
    }
    at.bytes ??= joined(at);
    return at.bytes;
  }

  /** Forgets the batches of the flush before. */
  clear(): void {
    this.#root = node(undefined, undefined);
  }
}

function node(frame: Buffer | undefined, before: Node | undefined): Node {
  return { next: new Map(), frame, before, bytes: undefined };
}

function joined(last: Node): Buffer {
  const frames: Buffer[] = [];
  for (let at: Node | undefined = last; at?.frame !== undefined; at = at.before) {
    frames.push(at.frame);
  }
  const [only] = frames;
  return frames.length === 1 && only !== undefined ? only : Buffer.concat(frames.reverse());
}
