import type { Timestamp } from "@tse/domain";
import { SIMULATED_SOURCES, type SourceView } from "@tse/market-model";
import { formatTime, type HttpHost, Problem, validationFailed } from "@tse/service-kit";
import { z } from "zod";
import { symbolNamed } from "../api/price-routes.ts";
import type { AuditTrail } from "../archive/audit-trail.ts";
import type { Feed } from "../feed/feed.ts";
import type { FeedDriver } from "../feed/feed-driver.ts";
import { UNIT_OF_ACCOUNT } from "../feed/symbol-terms.ts";
import { disturbanceOf, NO_FAULT, type SourceFault } from "../modes/source-faults.ts";
import { type FaultDeps, namesOf, refuseWhenDisabled } from "./fault-routes.ts";
import { refusePair } from "./mode-problems.ts";

export interface SourceDeps extends FaultDeps {
  readonly driver: FeedDriver;
  readonly audit: AuditTrail;
  readonly now: () => Timestamp;
}

const tags = ["Sources"];

const disturbance = z.strictObject({
  packet_loss_percentage: z.number().min(0).max(100).default(0),
  latency_ms: z.number().min(0).max(60_000).default(0),
  /** Times the price that it says: a source that is wrong. */
  price_factor: z.number().gt(0).max(1_000).default(1),
  /** All that follow sources when absent. */
  symbols: z.array(z.string()).min(1).optional(),
});

const namePath = z.strictObject({ name: z.string().min(1).max(64) });

/** The sources of symbols in the mode `consensus`, and what is done to them on purpose. */
export function sourceRoutes(app: HttpHost, deps: SourceDeps): void {
  const { feed, driver } = deps;
  app.get("/admin/sources", { schema: { tags } }, async () => ({
    sources: SIMULATED_SOURCES.map(({ name }) => renderSource(deps, name)),
  }));
  app.put(
    "/admin/sources/:name",
    { schema: { tags, params: namePath, body: disturbance } },
    async ({ params, body, id: correlationId }) => {
      refuseWhenDisabled(deps.faults);
      const { name: source } = params;
      refuseUnknown(source);
      const symbols = watchedSymbols(feed, body.symbols, { symbols: "symbols", source: "name" });
      const fault = faultOf(body);
      driver.intervene({ kind: "source", source, symbols, ...(fault && { fault }) });
      deps.audit.record({
        action: "source.disturbed",
        entityType: "source",
        entityId: source,
        details: { ...body, symbols },
        actor: "admin",
        correlationId,
      });
      return renderSource(deps, source);
    },
  );
}

/**
 * Symbols that follow sources: those that are named, or all.
 *
 * @throws Problem `symbol_not_found`, `validation_failed` for one that doesn't, or when none does
 */
export function watchedSymbols(
  feed: Feed,
  named: readonly string[] | undefined,
  fields: { readonly symbols: string; readonly source: string },
): readonly string[] {
  const rule = "mode";
  for (const [index, symbol] of (namesOf(feed, named, fields.symbols) ?? []).entries()) {
    const field = `${fields.symbols}.${index}`;
    const terms = symbolNamed(feed, symbol);
    refusePair(terms, field);
    if (feed.market.sources(terms.base) !== undefined) continue;
    const message = `${symbol} follows no sources: it is not in the mode consensus`;
    throw validationFailed([{ field, rule, message }]);
  }
  const watched = namesOf(feed, named, fields.symbols) ?? watchedOf(feed);
  if (watched.length > 0) return watched;
  const message = "no symbol is in the mode consensus";
  throw validationFailed([{ field: fields.source, rule, message }]);
}

function watchedOf(feed: Feed): readonly string[] {
  return feed.symbols
    .filter(
      ({ base, quote }) => quote === UNIT_OF_ACCOUNT && feed.market.sources(base) !== undefined,
    )
    .map(({ symbol }) => symbol);
}

/** @throws Problem `source_not_found` */
function refuseUnknown(source: string): void {
  if (SIMULATED_SOURCES.some(({ name }) => name === source)) return;
  throw new Problem({ status: 404, code: "source_not_found", title: "There is no such source" });
}

/** `undefined` for what does nothing. */
function faultOf(body: z.infer<typeof disturbance>): SourceFault | undefined {
  const loss = body.packet_loss_percentage / 100;
  const delay = Math.round(body.latency_ms * 1_000);
  const factor = body.price_factor;
  const isNone = loss === NO_FAULT.loss && delay === NO_FAULT.delay && factor === NO_FAULT.factor;
  return isNone ? undefined : { loss, delay, factor };
}

function renderSource({ feed, now }: SourceDeps, name: string) {
  const shape = SIMULATED_SOURCES.find((source) => source.name === name);
  const symbols = watchedOf(feed).flatMap((symbol) => {
    const base = symbolNamed(feed, symbol).base;
    const view = feed.market.sources(base)?.find(({ source }) => source === name);
    if (view === undefined) return [];
    const fault = faultNow(feed, name, base);
    return [
      {
        symbol,
        ...renderView(view, now()),
        disturbance: fault === undefined ? null : renderFault(fault),
      },
    ];
  });
  return { name, priority: shape?.priority, symbols };
}

/** What operators and scenarios together do to a source's view of an asset. */
function faultNow(feed: Feed, name: string, asset: string): SourceFault | undefined {
  const own = feed.market.fault(name, asset);
  const acting = feed.scenarios
    .feedFaults()
    .filter(({ source, assets }) => source === name && assets.includes(asset));
  return acting.length === 0 ? own : { ...NO_FAULT, ...disturbanceOf(own, acting) };
}

function renderView({ quote, latency, weight, dropped, failovers }: SourceView, now: Timestamp) {
  return {
    state: dropped ?? "used",
    price: quote?.price ?? null,
    quoted_at: quote === undefined ? null : formatTime(quote.at),
    staleness_ms: quote === undefined ? null : Math.floor((now - quote.at) / 1_000),
    latency_ms: latency / 1_000,
    weight,
    failovers,
  };
}

function renderFault({ loss, delay, factor }: SourceFault) {
  const percentage = Math.round(loss * 1e8) / 1e6;
  return { packet_loss_percentage: percentage, latency_ms: delay / 1_000, price_factor: factor };
}
