import type { MessagePort } from "node:worker_threads";

/** What the worker is started with. */
export interface WorkerSettings {
  /** Absolute path; `undefined` keeps everything in memory. */
  readonly directory: string | undefined;
  /** Folder in which the image of an empty database is kept. */
  readonly images: string | undefined;
  /** A file that `dump` wrote: what a missing database begins with, when it is there. */
  readonly base: string | undefined;
}

/** What the host asks of the worker. */
export type Request =
  | { readonly type: "connect"; readonly port: MessagePort }
  | { readonly type: "checkpoint"; readonly id: number }
  | { readonly type: "dump"; readonly id: number; readonly file: string }
  | { readonly type: "close"; readonly id: number };

/** What the worker tells the host. */
export type Report =
  | { readonly type: "ready" }
  | { readonly type: "done"; readonly id: number }
  | { readonly type: "failed"; readonly id: number; readonly cause: unknown };

/**
 * What a client sends over its port: the schema of a session, then protocol messages of it. A new session
 * ends the one before. Sessions are named so that no answer reaches one that it isn't for.
 */
export type ClientMessage =
  | { readonly type: "session"; readonly session: string; readonly schema: string }
  | { readonly type: "bytes"; readonly session: string; readonly bytes: Uint8Array };

/** What comes back over a client's port. */
export interface Answer {
  readonly session: string;
  readonly bytes: Uint8Array;
}
