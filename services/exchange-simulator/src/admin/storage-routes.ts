import { formatTime, type HttpHost } from "@tse/service-kit";
import { count, id, text } from "@tse/service-kit/schema";
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

const after = z.string().transform((digits, context): number => {
  const seq = Number(digits);
  if (/^[0-9]{1,16}$/.test(digits) && Number.isSafeInteger(seq)) return seq;
  const message = "must be a whole number from 0 to 9007199254740991";
  context.addIssue({ code: "custom", message, params: { rule: "range" } });
  return z.NEVER;
});

const auditQuery = z.strictObject({
  after: after.optional(),
  entity: text("An id, or what else names the entity.", 1, 100, ["BTC/USD"]).optional(),
  account: id("Whose trail.").optional(),
  action: text("What happened.", 1, 100, ["order.filled"]).optional(),
  correlationId: text("Of the request that caused it.", 1, 64, ["c-1"]).optional(),
  limit: count("Most events.", 1, 1_000, 100),
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
    const { after: seq = 0, entity, account, action, correlationId, limit } = request.query;
    const { items } = await archive.history.auditRepository.query({
      afterSeq: seq,
      limit,
      sortOrder: "ASC",
      ...(entity !== undefined && { entityId: entity }),
      ...(account !== undefined && { accountId: account }),
      ...(action !== undefined && { action }),
      ...(correlationId !== undefined && { correlationId }),
    });
    return { events: items.map(renderAuditEvent), last: items.at(-1)?.seq ?? seq };
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
