import { formatTime, type HttpHost } from "@tse/service-kit";
import { z } from "zod";
import type { Archive } from "../archive/archive.ts";
import type { Core } from "../core.ts";
import { renderAuditEvent } from "../gateways/native/render/audit.ts";
import { lagOf } from "../observation.ts";

export interface StorageDeps {
  readonly exchange: Core["exchange"];
  readonly archive: Archive;
}

const tags = ["Storage"];
const LIMIT_MAX = 1_000;

const auditQuery = z.strictObject({
  after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  entity: z.string().min(1).max(100).optional(),
  account: z.uuid().optional(),
  action: z.string().min(1).max(100).optional(),
  correlationId: z.string().min(1).max(64).optional(),
  limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(100),
});

/** What is stored of the world's past: how far, whether it is right, and the audit trail. */
export function storageRoutes(app: HttpHost, deps: StorageDeps): void {
  const { archive, exchange } = deps;
  app.get("/admin/storage", { schema: { tags } }, async () => renderStatus(deps));
  app.post("/admin/storage/verify", { schema: { tags } }, async () => {
    await exchange.durable();
    return archive.verify();
  });
  app.get("/admin/audit/events", { schema: { tags, querystring: auditQuery } }, async (request) => {
    const { after = 0, entity, account, action, correlationId, limit } = request.query;
    const { items } = await archive.history.auditRepository.query({
      afterSeq: after,
      limit,
      sortOrder: "ASC",
      ...(entity !== undefined && { entityId: entity }),
      ...(account !== undefined && { accountId: account }),
      ...(action !== undefined && { action }),
      ...(correlationId !== undefined && { correlationId }),
    });
    return { events: items.map(renderAuditEvent), last: items.at(-1)?.seq ?? after };
  });
  app.get("/admin/audit/verify", { schema: { tags } }, async () => {
    const verdict = await archive.history.auditRepository.verify();
    return { intact: verdict.status === "intact", ...verdict };
  });
}

function renderStatus({ archive, exchange }: StorageDeps) {
  const { store, state, position, time, rows, backends } = archive.status;
  const lag = lagOf(archive, { exchange });
  return {
    store,
    sequence: exchange.released,
    projection: {
      state,
      position,
      rows,
      time: time === 0 ? null : formatTime(time),
      lagUnits: lag.units,
      lagSeconds: lag.time / 1_000_000,
    },
    backends: backends.map(({ since, ...backend }) => ({ ...backend, since: formatTime(since) })),
  };
}
