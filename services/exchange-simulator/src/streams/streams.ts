import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { duration } from "@tse/domain";
import {
  Connections,
  type HttpHost,
  type Logger,
  type MetricsPort,
  Problem,
  RateLimiter,
  realClock,
} from "@tse/service-kit";
import type { VenueView } from "@tse/venue";
import type { Chaos } from "../chaos/chaos.ts";
import type { OrderEntry } from "../entry.ts";
import type { Exchange, Unit } from "../exchange.ts";
import type { OrderDeps } from "../gateways/native/routes/order-routes.ts";
import type { KeyRing } from "../keys.ts";
import type { OrderHistory } from "../views/orders.ts";
import type { Tape } from "../views/tape.ts";
import type { Channel } from "./encoding.ts";
import { StreamHub } from "./hub.ts";
import { SocketServer } from "./socket-server.ts";
import { sseRoutes } from "./sse-routes.ts";

export interface StreamsOptions {
  readonly exchange: Exchange;
  readonly entry: Pick<OrderEntry, "submit">;
  /** The views are subscribed to the exchange before `Streams.record`. */
  readonly orders: OrderHistory;
  /** Orders of any age. */
  readonly records: OrderDeps["records"];
  readonly feeds: Pick<VenueView, "feedStale">;
  readonly tape: Tape;
  readonly keys: KeyRing;
  readonly faults: Pick<Chaos, "downtime" | "countRefusal" | "record">;
  readonly metrics: MetricsPort;
  readonly logger: Logger;
  /** Longest that an event waits for others to share a write with, in ms of real time. */
  readonly flushMs: number;
  /** Messages that one WebSocket may send a second; `undefined`: any number. */
  readonly messagesPerSecond: number | undefined;
  /** 15 s by default. */
  readonly heartbeatMs?: number;
}

const HEARTBEAT_MS = 15_000;
const SECOND = duration(1_000_000);

/** Streams over server-sent events and WebSockets: the hub, its connections and their front doors. */
export class Streams {
  readonly #hub: StreamHub;
  readonly #connections: Connections;
  readonly #sockets: SocketServer;
  readonly #options: StreamsOptions;
  readonly #unsubscribe: () => void;

  constructor(options: StreamsOptions) {
    const { faults, messagesPerSecond } = options;
    this.#options = options;
    this.#hub = new StreamHub(options);
    this.#connections = new Connections(options.heartbeatMs ?? HEARTBEAT_MS);
    this.#sockets = new SocketServer({
      ...options,
      hub: this.#hub,
      connections: this.#connections,
      onSlow: () => this.#countSlow("websocket"),
      limiter:
        messagesPerSecond === undefined
          ? undefined
          : // Protects the process, which lives in real time, also while the world stands still.
            new RateLimiter(realClock(), { limit: messagesPerSecond, window: SECOND }),
    });
    this.#unsubscribe = faults.record.subscribe(() => {
      if (faults.downtime() !== undefined) this.#connections.endAll("exchange_maintenance");
    });
  }

  /** Subscribe this to the exchange, after the views. */
  readonly record = (unit: Unit): void => {
    this.#hub.record(unit);
    if (unit.command.kind === "revoke_key") this.#connections.checkKeys();
  };

  /** The venue came to where it stands without these streams: they go on from there. Before anybody follows. */
  goOn(): void {
    this.#hub.goOn();
  }

  /** The journal is repeated. Before anybody follows. */
  recovered(): void {
    this.#hub.recovered();
  }

  /** How many follow each channel. */
  get followers(): ReadonlyMap<Channel, number> {
    return this.#hub.followers;
  }

  /** Open connections. */
  get connections(): number {
    return this.#connections.size;
  }

  /** The `upgrade` handler of the production listener. */
  get upgrade(): (request: IncomingMessage, connection: Duplex, head: Buffer) => void {
    return this.#sockets.upgrade;
  }

  /** Routes below `/api/v1`, in a scope that has the native gateway's access hooks. */
  routes(app: HttpHost): void {
    const { exchange, keys } = this.#options;
    sseRoutes(app, {
      exchange,
      keys,
      hub: this.#hub,
      connections: this.#connections,
      onSlow: () => this.#countSlow("sse"),
    });
    app.get("/ws", () => {
      throw new Problem({
        status: 426,
        code: "upgrade_required",
        title: "This is a WebSocket",
        headers: { Upgrade: "websocket", Connection: "Upgrade" },
      });
    });
  }

  /** Sends what waits, tells every client that the service stops, and closes. */
  close(): void {
    this.#unsubscribe();
    this.#hub.close();
    this.#connections.close();
  }

  #countSlow(transport: "sse" | "websocket"): void {
    this.#options.metrics.incCounter("exchange_stream_slow_consumers_total", { transport });
    this.#options.logger.warn("slow consumer closed", { transport });
  }
}
