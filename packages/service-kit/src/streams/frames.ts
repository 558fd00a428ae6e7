import { constants, deflateRawSync } from "node:zlib";

/** One server-sent event. */
export function sseEvent(type: string, data: string, id?: number): Buffer {
  const head = id === undefined ? "" : `id: ${id}\n`;
  return Buffer.from(`${head}event: ${type}\ndata: ${data}\n\n`);
}

/** A line that SSE clients skip. */
export function sseComment(text: string): Buffer {
  return Buffer.from(`: ${text}\n\n`);
}

const FINAL_TEXT = 0x81;
/** Of the first frame of a compressed message (RFC 7692, 6). */
const COMPRESSED = 0x40;
const LENGTH_16 = 126;
const LENGTH_64 = 127;

/** A whole text message as one unmasked WebSocket frame (RFC 6455, 5.2), as servers send it. */
export function textFrame(text: string): Buffer {
  return frame(FINAL_TEXT, Buffer.from(text));
}

/** What ends every flushed block of a deflated stream, and isn't sent (RFC 7692, 7.2.1). */
const FLUSHED_END = 4;
/** What is shorter gains too little. In characters. */
const SHORTEST_COMPRESSED = 128;

/**
 * As `textFrame`, for clients that take compressed messages without what earlier ones left behind
 * (`permessage-deflate`, `server_no_context_takeover`): all of them can be sent the same bytes.
 */
export function deflatedTextFrame(text: string): Buffer {
  if (text.length < SHORTEST_COMPRESSED) return textFrame(text);
  const deflated = deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH });
  return frame(FINAL_TEXT | COMPRESSED, deflated.subarray(0, -FLUSHED_END));
}

function frame(head: number, payload: Buffer): Buffer {
  const { length } = payload;
  const headLength = length < LENGTH_16 ? 2 : length < 2 ** 16 ? 4 : 10;
  const made = Buffer.allocUnsafe(headLength + length);
  made[0] = head;
  if (headLength === 2) {
    made[1] = length;
  } else if (headLength === 4) {
    made[1] = LENGTH_16;
    made.writeUInt16BE(length, 2);
  } else {
    made[1] = LENGTH_64;
    made.writeBigUInt64BE(BigInt(length), 2);
  }
  payload.copy(made, headLength);
  return made;
}
