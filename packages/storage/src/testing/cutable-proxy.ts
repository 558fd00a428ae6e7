import { connect, createServer, type Socket } from "node:net";

/** A server's address that can be cut off, as a network or a restart would. */
export interface CutableProxy {
  /** The target's address, by way of the proxy. */
  readonly url: string;
  /** Connections that are open now. */
  readonly connections: number;
  /** Ends every connection; new ones are taken. */
  cut(): void;
  /** Ends every connection and takes no new one, until `resume`. */
  refuse(): void;
  /** Keeps connections, and passes nothing on, until `resume`. */
  stall(): void;
  /** Passes on again, what was held back included. */
  resume(): void;
  close(): Promise<void>;
}

/** A proxy on a free port of this machine before the server of `target`, the address of a database. */
export async function cutableProxy(target: string): Promise<CutableProxy> {
  const { hostname, port } = new URL(target);
  const pairs = new Set<readonly [Socket, Socket]>();
  let refusing = false;
  let stalled = false;

  const server = createServer((near) => {
    if (refusing) {
      near.destroy();
      return;
    }
    const far = connect(Number(port), hostname);
    const pair = [near, far] as const;
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    join(near, far, end);
    join(far, near, end);
    if (stalled) hold(pair);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  const cut = () => {
    for (const [near] of pairs) near.destroy();
  };
  return {
    url: throughPort(target, server.address()),
    get connections() {
      return pairs.size;
    },
    cut,
    refuse: () => {
      refusing = true;
      cut();
    },
    stall: () => {
      stalled = true;
      for (const pair of pairs) hold(pair);
    },
    resume: () => {
      refusing = false;
      stalled = false;
      for (const pair of pairs) for (const socket of pair) socket.resume();
    },
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function join(from: Socket, to: Socket, end: () => void): void {
  from.on("data", (bytes) => to.write(bytes));
  from.on("error", end);
  from.on("close", end);
}

function hold(pair: readonly [Socket, Socket]): void {
  for (const socket of pair) socket.pause();
}

function throughPort(target: string, address: unknown): string {
  const url = new URL(target);
  url.hostname = "127.0.0.1";
  url.port = String((address as { port: number }).port);
  return url.href;
}
