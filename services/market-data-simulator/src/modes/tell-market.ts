import { formatTime, type Logger, type MetricsPort } from "@tse/service-kit";
import type { AuditTrail } from "../archive/audit-trail.ts";
import { symbolOf } from "./model-maker.ts";
import { countSourceError } from "./source-errors.ts";
import type { MarketEvent } from "./world-market.ts";

export interface MarketTellers {
  readonly audit: AuditTrail;
  readonly logger: Logger;
  readonly metrics: MetricsPort;
}

/** What the market did by itself is logged, counted, and in the audit trail where it changes what clients see. */
export function tellMarket(market: MarketEvent, { audit, logger, metrics }: MarketTellers): void {
  const { symbol } = symbolOf(market.asset);
  const record = (action: string, details: Readonly<Record<string, unknown>>): void =>
    audit.record({ action, entityType: "symbol", entityId: symbol, details });
  if (market.kind === "replay_ended") {
    const { id, terms, state, position } = market.replay;
    const dataset = terms.dataset.name;
    record("replay.ended", { id, dataset, state, position: formatTime(position) });
    return;
  }
  const { event } = market;
  switch (event.kind) {
    case "halted":
      logger.warn("sources moved too far: the symbol is halted", { symbol, ...event });
      record("consensus.halted", { price: event.price, last: event.last });
      return;
    case "resumed":
      logger.info("a halted symbol goes on", { symbol, by: event.by });
      record("consensus.resumed", { by: event.by });
      return;
    case "failover":
      logger.warn("another source is the most trusted one", { symbol, ...event });
      record("consensus.failover", { from: event.from, to: event.to });
      return;
    case "source_dropped": {
      const { source, reason } = event;
      countSourceError(metrics, { source, reason });
      logger.debug("a source is left out", { symbol, source, reason });
      return;
    }
    case "source_used":
      logger.debug("a source is used again", { symbol, source: event.source });
  }
}
