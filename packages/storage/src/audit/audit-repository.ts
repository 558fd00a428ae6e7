import { StorageError } from "../errors.ts";
import { type Filters, type Page, page } from "../rows/page.ts";
import type { RepositoryParts } from "../rows/repository.ts";
import type { Rows } from "../rows/rows.ts";
import { above, among, below, equal } from "../rows/selection.ts";
import { auditHash, CHAIN_START } from "./audit-chain.ts";
import type { AuditEvent, AuditQuery, AuditVerdict } from "./audit-event.ts";
import { auditTable } from "./audit-table.ts";

const FILTERS: Filters<AuditEvent, AuditQuery> = {
  accountId: equal("accountId"),
  entityType: equal("entityType"),
  entityId: equal("entityId"),
  action: among("action"),
  actor: equal("actor"),
  correlationId: equal("correlationId"),
  afterSeq: above("seq"),
  beforeSeq: below("seq"),
  occurredAfter: above("occurredAt"),
  occurredBefore: below("occurredAt"),
};

/** Rows that `verify` holds at a time. */
const RUN = 1000;

/** The audit trail: a chain of hashes. Append-only: nothing is ever changed or deleted. */
export class AuditRepository {
  readonly #rows: Rows<AuditEvent>;
  readonly #forgets: boolean;

  constructor({ session }: RepositoryParts) {
    this.#rows = session.rows(auditTable);
    this.#forgets = session.forgets;
  }

  /**
   * Continues the chain with events that `chained` made. Reads the last row and writes: within a unit of
   * work where others write too.
   *
   * @throws StorageError `storage_conflict` when they do not continue it, `conflict`; and stores none
   */
  async append(events: readonly AuditEvent[]): Promise<void> {
    const [first] = events;
    if (first === undefined) return;
    let before = await this.last();
    for (const event of events) {
      const { seq, hash } = before ?? { seq: 0, hash: CHAIN_START };
      if (event.seq !== seq + 1 || event.prevHash !== hash) {
        throw new StorageError(
          "storage_conflict",
          `audit event does not follow ${seq}: ${event.seq}`,
        );
      }
      before = event;
    }
    await this.#rows.insert(events);
  }

  /** `undefined` when there is none. */
  async last(): Promise<AuditEvent | undefined> {
    const [event] = await this.#rows.find({ sort: [{ field: "seq", order: "DESC" }], limit: 1 });
    return event;
  }

  /** @throws StorageError `invalid_query` */
  query(query: AuditQuery): Promise<Page<AuditEvent>> {
    return page(this.#rows, auditTable, FILTERS, query);
  }

  /**
   * Recomputes the whole chain, a run of rows at a time. A store that forgets its oldest rows is
   * verified from the oldest that it has.
   *
   * @param onProgress told how many rows were intact so far
   */
  async verify(onProgress: (events: number) => void = () => {}): Promise<AuditVerdict> {
    let previous: AuditEvent | undefined;
    let events = 0;
    for await (const run of this.#runs()) {
      for (const event of run) {
        const fault = faultOf(event, previous ?? this.#before(event));
        if (fault !== undefined) return { status: "broken", seq: event.seq, fault, events };
        previous = event;
        events += 1;
      }
      onProgress(events);
    }
    const lastHash = previous?.hash ?? CHAIN_START;
    return { status: "intact", events, lastSeq: previous?.seq ?? 0, lastHash };
  }

  /** What the first row that there is has to follow. */
  #before({ seq, prevHash }: AuditEvent): Link {
    return this.#forgets ? { seq: seq - 1, hash: prevHash } : { seq: 0, hash: CHAIN_START };
  }

  /** All rows in order. */
  async *#runs(): AsyncGenerator<readonly AuditEvent[]> {
    let last = 0;
    for (;;) {
      const run = await this.#rows.find({
        where: [above<AuditEvent>("seq")(last)],
        sort: [{ field: "seq", order: "ASC" }],
        limit: RUN,
      });
      if (run.length > 0) yield run;
      if (run.length < RUN) return;
      last = run.at(-1)?.seq ?? last;
    }
  }
}

type Link = Pick<AuditEvent, "seq" | "hash">;

function faultOf(event: AuditEvent, before: Link): "gap" | "prev_hash" | "hash" | undefined {
  if (event.seq !== before.seq + 1) return "gap";
  if (event.prevHash !== before.hash) return "prev_hash";
  return auditHash(event) === event.hash ? undefined : "hash";
}
