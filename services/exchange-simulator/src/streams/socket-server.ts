import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Connections } from "@tse/service-kit";
import {
  addressOf,
  handshakeCorrelationId,
  pathOf,
  refuseHandshake,
  SocketConnection,
} from "@tse/service-kit";
import { WebSocketServer } from "ws";
import type { Chaos } from "../chaos/chaos.ts";
import type { Principal } from "../keys.ts";
import { type SessionParts, SocketSession } from "./socket-session.ts";

export interface SocketParts extends SessionParts {
  readonly connections: Connections;
  readonly faults: Pick<Chaos, "downtime" | "countRefusal">;
  readonly onSlow: () => void;
}

const SOCKET_PATH = "/api/v1/ws";

const MESSAGE_BYTES_MAX = 64 * 1024;

/** Takes WebSocket clients in, and refuses who comes at the wrong time or place. */
export class SocketServer {
  readonly #parts: SocketParts;
  readonly #handshakes = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MESSAGE_BYTES_MAX,
  });
  #opened = 0;

  constructor(parts: SocketParts) {
    this.#parts = parts;
  }

  /** The listener's `upgrade` handler. */
  readonly upgrade = (request: IncomingMessage, connection: Duplex, head: Buffer): void => {
    connection.on("error", () => connection.destroy());
    const { authorization } = request.headers;
    const principal = this.#parts.keys.bearer(authorization, addressOf(request));
    const refusal = this.#refusalOf(request, principal);
    if (refusal !== undefined) {
      refuseHandshake(connection, ...refusal);
      return;
    }
    this.#handshakes.handleUpgrade(request, connection, head, (socket) => {
      this.#open(socket, connection, request, principal);
    });
  };

  #refusalOf(
    request: IncomingMessage,
    principal: Principal | undefined,
  ): readonly [status: number, code: string] | undefined {
    if (pathOf(request.url ?? "") !== SOCKET_PATH) return [404, "not_found"];
    const { faults } = this.#parts;
    if (faults.downtime() !== undefined) {
      faults.countRefusal(`GET ${SOCKET_PATH}`, handshakeCorrelationId(request));
      return [503, "exchange_maintenance"];
    }
    const isForged = request.headers.authorization !== undefined && principal === undefined;
    return isForged ? [401, "unauthenticated"] : undefined;
  }

  #open(
    socket: ConstructorParameters<typeof SocketConnection>[0],
    stream: Duplex,
    request: IncomingMessage,
    principal: Principal | undefined,
  ): void {
    const { connections, onSlow } = this.#parts;
    this.#opened += 1;
    const connection = new SocketConnection(socket, stream, {
      onMessage: (text) => session.receive(text),
      onEnd: () => {
        session.close();
        connections.remove(connection);
      },
      onSlow,
      isAllowed: () => session.isAllowed,
    });
    const session: SocketSession = new SocketSession(this.#parts, {
      connection,
      number: this.#opened,
      address: addressOf(request),
      correlationId: handshakeCorrelationId(request),
      principal,
    });
    connections.add(connection);
  }
}
