interface Node<Item> {
  readonly next: Map<Item, Node<Item>>;
  readonly frame: Buffer | undefined;
  readonly before: Node<Item> | undefined;
  bytes: Buffer | undefined;
}

/**
 * The bytes of batches, made once for all subscribers who get the same items in the same order. A tree of what was
 * sent in one flush: each path from its root is one batch.
 */
export class BatchBytes<Item extends object> {
  readonly #encode: (item: Item) => Buffer;
  #root: Node<Item> = node(undefined, undefined);

  constructor(encode: (item: Item) => Buffer) {
    this.#encode = encode;
  }

  /** @param items at least one */
  of(items: readonly Item[]): Buffer {
    let at = this.#root;
    for (const item of items) {
      let next = at.next.get(item);
      if (next === undefined) {
        next = node(this.#encode(item), at);
        at.next.set(item, next);
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

function node<Item>(frame: Buffer | undefined, before: Node<Item> | undefined): Node<Item> {
  return { next: new Map(), frame, before, bytes: undefined };
}

function joined<Item>(last: Node<Item>): Buffer {
  const frames: Buffer[] = [];
  for (let at: Node<Item> | undefined = last; at?.frame !== undefined; at = at.before) {
    frames.push(at.frame);
  }
  const [only] = frames;
  return frames.length === 1 && only !== undefined ? only : Buffer.concat(frames.reverse());
}
