import { BatchBytes } from "../fan-out/batch-bytes.ts";
import { deflatedSocketFrame, priceSse, socketFrame } from "./event-text.ts";

/** What leaves in one flush, as bytes: made once for all who take it in the same form. */
export class StreamBytes {
  readonly socket = new BatchBytes(socketFrame);
  /** For WebSocket clients who asked for compression. */
  readonly deflatedSocket = new BatchBytes(deflatedSocketFrame);
  readonly sse = new BatchBytes(priceSse);

  /** Forgets the flush before. */
  clear(): void {
    this.socket.clear();
    this.deflatedSocket.clear();
    this.sse.clear();
  }
}
