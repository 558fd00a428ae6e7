import { sseEvent, textFrame } from "@tse/service-kit";

/** How a client reads its stream: as server-sent events, or as WebSocket text messages. */
export type Encoding = "sse" | "websocket";

/** What a stream is about, in the client's words. */
export interface Topic {
  readonly channel: Channel;
  readonly symbol?: string;
  readonly accountId?: string;
}

export const CHANNELS = ["orderbook", "trades", "ticker", "orders", "balances"] as const;

export type Channel = (typeof CHANNELS)[number];

export interface Message {
  readonly type: string;
  readonly sequence: number;
  readonly data: unknown;
}

/**
 * One event on the wire, the same bytes for every client of that encoding.
 *
 * ```
 * sse        id: 7 ⏎ event: update ⏎ data: {…} ⏎ ⏎
 * websocket  {"channel":"orderbook","symbol":"BTC/USD","type":"update","sequence":7,"data":{…}}
 * ```
 */
export function encodeEvent(topic: Topic, encoding: Encoding, message: Message): Buffer {
  const { type, sequence, data } = message;
  return encoding === "sse"
    ? sseEvent(type, JSON.stringify(data), sequence)
    : textFrame(JSON.stringify({ ...topic, type, sequence, data }));
}
