import { formatTime, type HttpHost } from "@tse/service-kit";
import { count } from "@tse/service-kit/schema";
import { z } from "zod";
import { stored, storedPage } from "../api/history-routes.ts";
import type { MarketStore } from "../archive/store.ts";

const tags = ["Audit"];

const query = z.strictObject({
  limit: count("Newest events.", 1, 500, 50),
  action: z
    .string()
    .max(100)
    .regex(/^[\w.-]+$/, "is the name of an action")
    .optional(),
  cursor: z.string().min(1).max(500).optional(),
});

/** The audit trail, newest first, and whether its chain is whole. It has what is stored so far. */
export function auditRoutes(app: HttpHost, { adapter }: MarketStore): void {
  const { auditRepository } = adapter;
  app.get("/admin/audit/events", { schema: { tags, querystring: query } }, async (request) => {
    const { limit, action, cursor } = request.query;
    const { items, nextCursor } = await storedPage({ limit, cursor }, (page) =>
      auditRepository.query({ ...page, ...(action !== undefined && { action }) }),
    );
    const events = items.map(({ occurredAt, accountId: _, ...rest }) => ({
      ...rest,
      occurredAt: formatTime(occurredAt),
    }));
    return { events, nextCursor: nextCursor ?? null };
  });
  app.get("/admin/audit/verify", { schema: { tags } }, async () =>
    stored(() => auditRepository.verify()),
  );
}
