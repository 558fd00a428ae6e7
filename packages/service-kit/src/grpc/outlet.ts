import type { Problem } from "../http/problem.ts";

/**
 * Where a stream's items go, whatever the protocol. It never waits: a slow reader shows as `false`, and
 * the writer decides what to keep for it until it has caught up.
 */
export interface Outlet<Item> {
  /** False while the reader is slow, and for good when the stream has ended. */
  readonly writable: boolean;

  /** Hands an item on, also to a slow reader; not after the end. @returns `writable` as it is then */
  write(item: Item): boolean;

  /** Tells `listener` each time that a slow reader has caught up. */
  onDrain(listener: () => void): void;

  /** Ends the stream after what was written: well, or with a problem. Only the first end counts. */
  end(problem?: Problem): void;
}

/** Writes items as fast as the reader takes them, then ends the stream. Stops when `signal` aborts. */
export async function pump<Item>(
  items: AsyncIterable<Item>,
  outlet: Outlet<Item>,
  signal: AbortSignal,
): Promise<void> {
  let wake = (): void => {};
  outlet.onDrain(() => wake());
  signal.addEventListener("abort", () => wake(), { once: true });

  for await (const item of items) {
    if (signal.aborted) return;
    if (outlet.write(item)) continue;
    await new Promise<void>((resolve) => {
      wake = resolve;
      if (outlet.writable || signal.aborted) resolve();
    });
    if (signal.aborted) return;
  }
  outlet.end();
}
