import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import {
  type Connections,
  handshakeCorrelationId,
  pathOf,
  refuseHandshake,
  SocketConnection,
} from "@tse/service-kit";
import { type WebSocket, WebSocketServer } from "ws";
import type { Wanted } from "../fan-out/fan-out.ts";
import { Subscriber } from "../fan-out/subscriber.ts";
import type { StreamEvent } from "../fan-out/topic.ts";
import { BytesOutlet } from "./outlets.ts";
import { type SessionParts, SocketSession } from "./socket-session.ts";
import type { StreamBytes } from "./stream-bytes.ts";
import type { PlannedSubscription, Subscriptions } from "./subscriptions.ts";

export interface SocketParts extends SessionParts {
  readonly connections: Connections;
  readonly subscriptions: Subscriptions;
  readonly bytes: Pick<StreamBytes, "socket" | "deflatedSocket">;
}

const SOCKET_PATH = "/api/v1/ws";

const MESSAGE_BYTES_MAX = 64 * 1024;

/** Takes WebSocket clients in, and refuses who comes to the wrong place or finds no room. */
export class SocketServer {
  readonly #parts: SocketParts;
  readonly #handshakes = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    // Without context between messages, all clients can be sent the same bytes.
    perMessageDeflate: { serverNoContextTakeover: true, clientNoContextTakeover: true },
    maxPayload: MESSAGE_BYTES_MAX,
  });

  constructor(parts: SocketParts) {
    this.#parts = parts;
  }

  /** The listener's `upgrade` handler. */
  readonly upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    stream.on("error", () => stream.destroy());
    const { url = "" } = request;
    if (pathOf(url) !== SOCKET_PATH) {
      refuseHandshake(stream, 404, "not_found");
      return;
    }
    const id = new URLSearchParams(url.slice(pathOf(url).length + 1)).get("subscription");
    const plan = id === null ? undefined : this.#parts.subscriptions.find(id);
    if (id !== null && plan?.state !== "active") {
      refuseHandshake(stream, 404, "subscription_not_found");
      return;
    }
    this.#handshakes.handleUpgrade(request, stream, head, (socket) => {
      this.#open(socket, stream, request, plan);
    });
  };

  #open(
    socket: WebSocket,
    stream: Duplex,
    request: IncomingMessage,
    plan: PlannedSubscription | undefined,
  ): void {
    const { connections, fanOut } = this.#parts;
    const bytes = this.#parts.bytes[takesDeflated(socket, request) ? "deflatedSocket" : "socket"];
    let session: SocketSession | undefined;
    const connection: SocketConnection = new SocketConnection(socket, stream, {
      onMessage: (text) => session?.receive(text),
      onEnd: () => {
        if (subscriber instanceof Subscriber) fanOut.remove(subscriber);
        connections.remove(connection);
      },
      onSlow: () => {},
      onReady: () => {
        if (subscriber instanceof Subscriber) fanOut.resume(subscriber);
      },
      isAllowed: () => true,
    });
    const noteSent = plan && this.#attach(plan, () => connection.end("shutting_down"));
    const outlet = new BytesOutlet("websocket", connection, bytes, noteSent);
    const options = plan?.bufferSize === undefined ? {} : { bufferSize: plan.bufferSize };
    const subscriber = fanOut.subscribe(outlet, options);
    if (!(subscriber instanceof Subscriber)) {
      socket.close(1013, subscriber.code);
      return;
    }
    connections.add(connection);
    const correlationId = handshakeCorrelationId(request);
    session = new SocketSession(this.#parts, { connection, subscriber, correlationId });
    if (plan !== undefined) this.#followPlan(plan, subscriber, connection);
  }

  #attach(plan: PlannedSubscription, cancel: () => void) {
    const note = this.#parts.subscriptions.attach(plan.id, cancel);
    return (
      note && ((events: readonly StreamEvent[]) => note((events.at(-1) as StreamEvent).timestamp))
    );
  }

  #followPlan(
    plan: PlannedSubscription,
    subscriber: Subscriber,
    connection: SocketConnection,
  ): void {
    const { topics, fanOut } = this.#parts;
    const wanted = plan.symbols.flatMap((symbol): Wanted[] => {
      const topic = topics.find({ channel: "price", symbol });
      return topic === undefined ? [] : [{ topic, interval: plan.interval }];
    });
    if (fanOut.follow(subscriber, wanted) !== undefined) connection.end("slow_consumer");
  }
}

/** A client may want a smaller window than the bytes for all were made with: it gets plain ones. */
function takesDeflated({ extensions }: WebSocket, { headers }: IncomingMessage): boolean {
  const asked = headers["sec-websocket-extensions"] ?? "";
  return extensions.includes("permessage-deflate") && !asked.includes("server_max_window_bits");
}
