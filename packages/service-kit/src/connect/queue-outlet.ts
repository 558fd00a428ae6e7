import type { Outlet } from "../grpc/outlet.ts";
import type { Problem } from "../http/problem.ts";

/** Items that may wait before their reader counts as slow. */
const WAITING_MAX = 16;

/** An outlet whose items are read one after the other, for protocols that ask instead of being told. */
export class QueueOutlet<Item> implements Outlet<Item> {
  readonly #items: Item[] = [];
  readonly #drains: (() => void)[] = [];
  #slow = false;
  #end: { readonly failure: unknown } | undefined;
  #wake = (): void => {};

  get writable(): boolean {
    return this.#end === undefined && !this.#slow;
  }

  write(item: Item): boolean {
    if (this.#end !== undefined) return false;
    this.#items.push(item);
    if (this.#items.length >= WAITING_MAX) this.#slow = true;
    this.#wake();
    return this.writable;
  }

  onDrain(listener: () => void): void {
    this.#drains.push(listener);
  }

  end(problem?: Problem): void {
    this.fail(problem);
  }

  /** Ends with what the reader is thrown after the last item; with `undefined` it ends well. */
  fail(failure: unknown): void {
    this.#end ??= { failure };
    this.#wake();
  }

  /** The items, for one reader. */
  async *read(): AsyncIterable<Item> {
    for (;;) {
      while (this.#items.length > 0) yield this.#items.shift() as Item;
      if (this.#end !== undefined) break;
      this.#drained();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (this.#items.length > 0 || this.#end !== undefined) resolve();
      });
    }
    if (this.#end.failure !== undefined) throw this.#end.failure;
  }

  #drained(): void {
    if (!this.#slow) return;
    this.#slow = false;
    for (const listener of this.#drains) listener();
  }
}
