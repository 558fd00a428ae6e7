import { randomUUID } from "node:crypto";
import { Duplex } from "node:stream";
import type { MessagePort } from "node:worker_threads";
import type { Answer, ClientMessage } from "./messages.ts";

/** AuthenticationOk and ReadyForQuery: what a server answers to the start of a session. */
const GREETING = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]);

/**
 * A port of an embedded database as the socket that `pg` expects. Only statements under way keep the
 * process running.
 */
export class PortStream extends Duplex {
  readonly #port: MessagePort;
  readonly #schema: string;
  readonly #isGone: () => boolean;
  readonly #session = randomUUID();
  #started = false;

  /** @param isGone whether the port was closed, which it tells only once */
  constructor(port: MessagePort, schema: string, isGone: () => boolean) {
    super();
    this.#port = port;
    this.#schema = schema;
    this.#isGone = isGone;
  }

  connect(): this {
    this.#port.on("message", this.#onAnswer);
    this.#port.on("close", this.#onClose);
    this.#port.unref();
    this.#begin(this.#session);
    process.nextTick(() => {
      if (this.#isGone()) this.#onClose();
      else this.emit("connect");
    });
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#send(chunk);
    done();
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.#send(Buffer.concat(chunks.map(({ chunk }) => chunk)));
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#port.off("message", this.#onAnswer);
    this.#port.off("close", this.#onClose);
    // Ends the session, and with it a transaction that it left open; the port may begin another.
    this.#begin("");
    this.#port.unref();
    done(error);
  }

  #begin(session: string): void {
    const message: ClientMessage = { type: "session", session, schema: this.#schema };
    this.#port.postMessage(message);
  }

  #send(bytes: Buffer): void {
    if (!this.#started) {
      // The start of a session goes no further: the port said already what it is.
      this.#started = true;
      this.push(GREETING);
      return;
    }
    if (bytes[0] === TERMINATE) {
      this.destroy();
      return;
    }
    this.#port.ref();
    // A copy of its own: the buffer may be a part of a pool.
    const copy = Uint8Array.from(bytes);
    const message: ClientMessage = { type: "bytes", session: this.#session, bytes: copy };
    this.#port.postMessage(message, [copy.buffer]);
  }

  readonly #onAnswer = ({ session, bytes }: Answer): void => {
    if (session !== this.#session) return;
    this.#port.unref();
    this.push(Buffer.from(bytes.buffer));
  };

  readonly #onClose = (): void => {
    this.destroy(new Error("the embedded database is gone"));
  };
}

const TERMINATE = "X".charCodeAt(0);
