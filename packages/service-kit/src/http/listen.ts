import type { AddressInfo } from "node:net";
import type { HttpHost } from "./host.ts";

export interface ListenOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** What the user changes to get another port, for the message: `--port`. */
  readonly choice: string;
}

export interface Listener {
  readonly port: number;
  /** `http://127.0.0.1:8085`, without a slash at the end. */
  readonly url: string;
}

/** The address can't be listened on. The message is one sentence for the user; no stack is needed. */
export class PortUnavailable extends Error {
  override name = "PortUnavailable";
}

/** Opens the listener. @throws PortUnavailable when the address is taken, forbidden or not ours */
export async function listen(host: HttpHost, options: ListenOptions): Promise<Listener> {
  try {
    await host.listen({ host: options.host, port: options.port });
  } catch (cause) {
    throw portUnavailable(cause, options);
  }
  const { address, family, port } = host.server.address() as AddressInfo;
  const name = family === "IPv6" ? `[${address}]` : address;
  return { port, url: `http://${name}:${port}` };
}

/** `PortUnavailable` when that is why a listener didn't open, else the cause itself. */
export function portUnavailable(cause: unknown, options: ListenOptions): unknown {
  const code = (cause as NodeJS.ErrnoException).code ?? "";
  const message = Object.hasOwn(MESSAGES, code) ? MESSAGES[code]?.(options) : undefined;
  return message === undefined ? cause : new PortUnavailable(message, { cause });
}

const MESSAGES: Readonly<Record<string, (options: ListenOptions) => string>> = {
  EADDRINUSE: ({ port, choice }) =>
    `port ${port} is in use; stop the other program or choose one with ${choice}`,
  EACCES: ({ port, choice }) =>
    `port ${port} is not allowed to this program; choose one above 1023 with ${choice}`,
  EADDRNOTAVAIL: ({ host }) => `${host} is not an address of this machine`,
  ENOTFOUND: ({ host }) => `${host} is not an address of this machine`,
};

/**
 * Stops accepting, lets requests in flight finish, and ends connections as they fall idle. What is
 * still open after `graceMs` is cut. Closing again waits for the same end.
 */
export async function closeHost(host: HttpHost, graceMs: number): Promise<void> {
  const timer = setTimeout(() => {
    for (const socket of host.connections) socket.destroy();
  }, graceMs);
  try {
    await host.close();
  } finally {
    clearTimeout(timer);
  }
}
