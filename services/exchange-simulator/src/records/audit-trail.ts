import type { AuditEvent } from "@tse/exchange-data-adapter";
import type { Part, Window } from "./merge.ts";
import { type Past, pageRequest } from "./stored.ts";

/** A part of an account's trail, and how far the trail has come. */
export interface AuditPart extends Part<AuditEvent> {
  /** The last command whose events are in the trail. */
  readonly completeTo: number;
}

/**
 * The audit trail as accounts see it. It is made when its rows are stored, so it is as far behind what
 * happened as they are, and says so.
 */
export class AuditTrail {
  readonly #past: Past;

  constructor(past: Past) {
    this.#past = past;
  }

  /** By `seq`: what is about this account. @throws StorageError `storage_unavailable` */
  async ofAccount(accountId: string, window: Window): Promise<AuditPart> {
    const { position: completeTo, history } = this.#past;
    const { items, nextCursor } = await history.auditRepository.query({
      accountId,
      afterSeq: window.after,
      ...(Number.isFinite(window.before) && { beforeSeq: window.before }),
      ...pageRequest("seq", window),
    });
    const shown = items.slice(0, window.limit);
    return {
      items: shown,
      more: items.length > shown.length || nextCursor !== undefined,
      completeTo,
    };
  }
}
