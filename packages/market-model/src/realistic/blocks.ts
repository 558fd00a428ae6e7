import type { Random } from "@tse/domain";

/**
 * Seconds for which one stream is drawn from. Every stream begins anew with each block, from a fork named
 * by the block's number: so a model's state at the beginning of a block is its numbers alone, without the
 * inner state of a generator, and a world that goes on draws what it would have drawn anyway.
 */
export const BLOCK_SECONDS = 3600;

/** One purpose's stream over all blocks. */
export class BlockStream {
  readonly #root: Random;
  #current: Random;

  constructor(root: Random) {
    this.#root = root;
    this.#current = root;
  }

  begin(block: number): void {
    this.#current = this.#root.fork(String(block));
  }

  next(): number {
    return this.#current.next();
  }

  normal(): number {
    return this.#current.normal();
  }
}
