import { resolve } from "node:path";
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import { StorageError } from "../errors.ts";
import type { Report, Request, WorkerSettings } from "./messages.ts";

export interface PgliteOptions {
  /** Where the database is kept; it is made when there is none. In memory when absent. */
  readonly directory?: string;
  /** Folder of the image that makes a new database in a fifth of the time; the first start writes it. */
  readonly images?: string;
  /** A file that `dumpTo` wrote: a directory that isn't there begins as it was then. */
  readonly base?: string;
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: StorageError) => void;
}

/**
 * An embedded PGlite in a thread of its own, serving any number of clients in any thread.
 *
 * PGlite never flushes a file and doesn't notice a second process on its directory: whoever opens one
 * holds a lock on it, and treats it as what can be made again from elsewhere. `checkpoint` and `dump` are
 * the two states that survive a power cut.
 */
export class PgliteHost {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #started: Promise<void>;
  #lastId = 0;
  #closed: Promise<void> | undefined;
  #failure: StorageError | undefined;

  /** Starts at once; `ready` tells when. Clients may connect before that, and wait. */
  constructor(options: PgliteOptions = {}) {
    const workerData: WorkerSettings = {
      directory: options.directory === undefined ? undefined : resolve(options.directory),
      images: options.images === undefined ? undefined : resolve(options.images),
      base: options.base === undefined ? undefined : resolve(options.base),
    };
    this.#worker = new Worker(new URL("./pglite-worker.ts", import.meta.url), { workerData });
    this.#started = new Promise((resolve, reject) => this.#waiting.set(0, { resolve, reject }));
    this.#started.catch(() => {});
    this.#worker.on("message", (report: Report) => this.#settle(report));
    this.#worker.on("error", (cause) => this.#fail(cause));
    this.#worker.on("exit", () => this.#fail(undefined));
  }

  /** @throws StorageError `storage_unavailable` when the database can't be opened */
  ready(): Promise<void> {
    return this.#started;
  }

  /** A client's end of a new connection, for `remotePglite` in this thread or, transferred, in another. */
  connect(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    this.#post({ type: "connect", port: port2 }, [port2]);
    return port1;
  }

  /** Makes everything committed before the call durable. Waits for the transaction under way. */
  checkpoint(): Promise<void> {
    return this.#ask((id) => ({ type: "checkpoint", id }));
  }

  /** Writes all of the database into one file, durably; a file that is there is replaced at the end. */
  dumpTo(file: string): Promise<void> {
    return this.#ask((id) => ({ type: "dump", id, file: resolve(file) }));
  }

  /** Ends the thread; clients lose their connections. Safe to call twice. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** From now on the thread doesn't keep the process running. */
  unref(): void {
    this.#worker.unref();
  }

  async #close(): Promise<void> {
    if (this.#failure === undefined) await this.#ask((id) => ({ type: "close", id }));
    await this.#worker.terminate();
  }

  async #ask(request: (id: number) => Request): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    this.#lastId += 1;
    const id = this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.set(id, { resolve, reject });
    this.#post(request(id), []);
    await promise;
  }

  #post(request: Request, transfer: MessagePort[]): void {
    this.#worker.postMessage(request, transfer);
  }

  #settle(report: Report): void {
    const id = report.type === "ready" ? 0 : report.id;
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (report.type === "failed") waiting?.reject(unavailable(report.cause));
    else waiting?.resolve();
  }

  #fail(cause: unknown): void {
    this.#failure ??= unavailable(cause);
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }
}

function unavailable(cause: unknown): StorageError {
  return new StorageError("storage_unavailable", "the embedded database failed", { cause });
}
