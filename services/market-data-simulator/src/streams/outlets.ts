import type { SocketConnection, SseConnection } from "@tse/service-kit";
import type { BatchBytes } from "../fan-out/batch-bytes.ts";
import type { EventOutlet, StreamEnding } from "../fan-out/subscriber.ts";
import type { StreamEvent } from "../fan-out/topic.ts";

/** The part of a connection that events go through. */
type Way = Pick<SocketConnection | SseConnection, "isReady" | "deliver" | "end">;

/** A way out over bytes that are made once for everybody who is sent the same. */
export class BytesOutlet implements EventOutlet {
  readonly kind: "websocket" | "sse";
  readonly #way: Way;
  readonly #bytes: BatchBytes<StreamEvent>;
  readonly #onSent: ((events: readonly StreamEvent[]) => void) | undefined;

  constructor(
    kind: "websocket" | "sse",
    way: Way,
    bytes: BatchBytes<StreamEvent>,
    onSent?: (events: readonly StreamEvent[]) => void,
  ) {
    this.#onSent = onSent;
    this.kind = kind;
    this.#way = way;
    this.#bytes = bytes;
  }

  get isReady(): boolean {
    return this.#way.isReady;
  }

  send(events: readonly StreamEvent[]): void {
    // The fan-out itself waits for who is slow, so that nothing needs counting here.
    this.#way.deliver(this.#bytes.of(events), 0);
    this.#onSent?.(events);
  }

  end(why: StreamEnding): void {
    this.#way.end(why === "disconnected" ? "shutting_down" : why);
  }
}
