import type { MessagePort } from "node:worker_threads";
import type { Sequence } from "@tse/domain";
import type { PoolSettings } from "@tse/storage";
import type { ProjectionState } from "./projection-runner.ts";
import type { ProjectionStep } from "./projector.ts";
import type { ProjectionVerdict } from "./verify-projection.ts";

/** What the projection's thread is started with. */
export interface ProjectionSettings {
  readonly journalDirectory: string;
  readonly snapshotDirectory: string;
  readonly firstSequence: Sequence;
  readonly lastSequence: Sequence;
  readonly worldId: string;
  readonly instanceName: string;
  readonly schema: string | undefined;
  readonly seed: string;
  readonly store:
    | { readonly kind: "postgres"; readonly url: string; readonly pool: Partial<PoolSettings> }
    | { readonly kind: "port"; readonly port: MessagePort };
}

export type ToProjection =
  | { readonly type: "durable"; readonly sequence: Sequence }
  | { readonly type: "verify"; readonly id: number }
  | { readonly type: "stop" };

/** An error on its way to another thread. */
export interface SentError {
  readonly code: string;
  readonly message: string;
  readonly stack: string | undefined;
}

export type FromProjection =
  | { readonly type: "step"; readonly step: ProjectionStep }
  | { readonly type: "state"; readonly state: ProjectionState }
  | { readonly type: "verified"; readonly id: number; readonly verdict: ProjectionVerdict }
  | { readonly type: "unverified"; readonly id: number; readonly error: SentError }
  | {
      readonly type: "log";
      readonly level: "info" | "warn" | "error";
      readonly message: string;
      readonly fields: Readonly<Record<string, unknown>>;
    }
  | { readonly type: "failed"; readonly error: SentError }
  | { readonly type: "stopped" };
