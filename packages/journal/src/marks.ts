import { FRAME_HEADER_BYTES, FrameKind, frameBytes, prepareFrame, writeU64 } from "./frame.ts";
import type { TornTail } from "./recovery.ts";

/** The frame that says that the journal was opened, and what was cut off then: byte offset and bytes. */
export function openedMark(sequence: number, time: number, cut: TornTail | undefined): Buffer {
  const payload = Buffer.alloc(16);
  writeU64(payload, cut?.offset ?? 0, 0);
  writeU64(payload, cut?.bytes ?? 0, 8);
  return mark(FrameKind.opened, sequence, time, payload);
}

/** The frame that says that the journal was closed in peace: everything before it was durable. */
export function closedMark(sequence: number, time: number): Buffer {
  return mark(FrameKind.closed, sequence, time, Buffer.alloc(0));
}

function mark(kind: FrameKind, sequence: number, time: number, payload: Buffer): Buffer {
  const { length } = payload;
  const bytes = Buffer.alloc(frameBytes(length));
  payload.copy(bytes, FRAME_HEADER_BYTES);
  prepareFrame(bytes, 0, { kind, length, sequence, time, appendGoesOn: false });
  return bytes;
}
