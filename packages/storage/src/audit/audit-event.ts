import type { Timestamp } from "@tse/domain";
import type { JsonObject } from "../rows/json.ts";
import type { PageRequest } from "../rows/page.ts";

/** What happened, before it has its place in the chain. */
export interface AuditEntry {
  readonly occurredAt: Timestamp;
  /** A key's id, `admin`, a participant or `engine`. */
  readonly actor: string;
  /** `order.accepted` */
  readonly action: string;
  readonly entityType: string;
  readonly entityId: string;
  readonly accountId: string | undefined;
  readonly correlationId: string | undefined;
  /** Numbers in it are safe integers; decimals are text. */
  readonly payload: JsonObject;
}

/** A link of the audit chain. */
export interface AuditEvent extends AuditEntry {
  /** 1, 2, 3, … without a gap. */
  readonly seq: number;
  /** `hash` of the event before; 64 zeros in the first. */
  readonly prevHash: string;
  /** See `auditHash`. */
  readonly hash: string;
}

/** Sorted by `seq` (default, newest first). */
export interface AuditQuery extends PageRequest {
  readonly accountId?: string;
  readonly entityType?: string;
  readonly entityId?: string;
  readonly action?: string | readonly string[];
  readonly actor?: string;
  readonly correlationId?: string;
  /** Strictly above. */
  readonly afterSeq?: number;
  /** Strictly below. */
  readonly beforeSeq?: number;
  /** Strictly after. */
  readonly occurredAfter?: Timestamp;
  /** Strictly before. */
  readonly occurredBefore?: Timestamp;
}

/** What `verify` found. */
export type AuditVerdict =
  | {
      readonly status: "intact";
      readonly events: number;
      /** 0 and 64 zeros when there is none. */
      readonly lastSeq: number;
      readonly lastHash: string;
    }
  | {
      readonly status: "broken";
      /** Of the first broken row. */
      readonly seq: number;
      /** A number is missing before it, it is not linked to the row before, or it was changed. */
      readonly fault: "gap" | "prev_hash" | "hash";
      /** Intact rows before it. */
      readonly events: number;
    };
