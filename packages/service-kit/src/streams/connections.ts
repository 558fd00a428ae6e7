/** Why the service ends a connection, and the WebSocket code that says so. */
export const ENDINGS = {
  shutting_down: 1001,
  exchange_maintenance: 1013,
  unauthenticated: 4001,
  slow_consumer: 4008,
} as const;

export type Ending = keyof typeof ENDINGS;

/** One client that is sent streams. */
export interface Connection {
  /** Bytes that wait for the client. */
  readonly unsent: number;
  /** Shows the client, and whatever is between, that the connection lives. */
  beat(): void;
  /** Ends the connection when its key may not be used any more. */
  checkKey(): void;
  /** Tells the client why, then closes. Ending twice does nothing. */
  end(ending: Ending): void;
}

/**
 * The open connections. Their heartbeat is paced by real time: it proves that a connection lives to
 * proxies and clients, whose clocks go on when the world's stands still.
 */
export class Connections {
  readonly #open = new Set<Connection>();
  readonly #heartbeat: NodeJS.Timeout;

  constructor(heartbeatMs: number) {
    this.#heartbeat = setInterval(() => this.#beat(), heartbeatMs).unref();
  }

  get size(): number {
    return this.#open.size;
  }

  /** Bytes that wait for all clients together. */
  get unsent(): number {
    let sum = 0;
    for (const connection of this.#open) sum += connection.unsent;
    return sum;
  }

  add(connection: Connection): void {
    this.#open.add(connection);
  }

  remove(connection: Connection): void {
    this.#open.delete(connection);
  }

  checkKeys(): void {
    for (const connection of this.#open) connection.checkKey();
  }

  endAll(ending: Ending): void {
    for (const connection of this.#open) connection.end(ending);
  }

  /** Ends every connection and the heartbeat. */
  close(): void {
    clearInterval(this.#heartbeat);
    this.endAll("shutting_down");
  }

  #beat(): void {
    for (const connection of this.#open) {
      connection.checkKey();
      connection.beat();
    }
  }
}
