import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  type DepthRequest,
  type DepthResponseSchema,
  type GetPriceRequest,
  type GetPriceResponseSchema,
  type HealthCheckResponseSchema,
  HealthStatus,
  HistoricalDataService,
  MarketDataService,
  PriceFeedService,
  toTimestamp,
} from "@tse/contracts";
import {
  connectService,
  GrpcHost,
  type Health,
  type HttpHost,
  type Logger,
  type MetricsPort,
  type ServiceHandlers,
  streaming,
} from "@tse/service-kit";
import { symbolNamed } from "../api/price-routes.ts";
import { priceUnavailable } from "../api/problems.ts";
import type { Core } from "../core.ts";
import { DEPTH_LEVELS, type DepthLevel } from "../feed/depth.ts";
import type { SymbolTerms } from "../feed/symbol-terms.ts";
import { priceNumber, priceText, volumeNumber } from "../feed/tick.ts";
import {
  candleHistory,
  correlationMatrix,
  type HistoryParts,
  priceHistory,
  volumesByPrice,
} from "./history-handlers.ts";
import {
  type HypotheticalParts,
  hypotheticalScenario,
  simulation,
} from "./hypothetical-handlers.ts";
import { limitOf } from "./requests.ts";

export interface HandlerParts {
  readonly core: Core;
  readonly service: string;
  readonly health: Health;
}

const HEALTH_NAMES = ["market-data", "market-data-simulator", "marketdata.MarketDataService"];

/** What answers the market data contract, whatever protocol a call comes over. */
export function marketDataHandlers({ core, service, health }: HandlerParts): MarketDataHandlers {
  const { clock, feed, history, grpcPrices } = core;
  const parts: HistoryParts = { feed, history, now: () => clock.now() };
  const hypothetical: HypotheticalParts = {
    ...parts,
    repositories: core.repositories,
    random: (name) => core.random.fork(name),
  };
  const market: ServiceHandlers<typeof MarketDataService> = {
    getPrice: (request) => currentPrice(request, core),
    streamPrices: (request, { signal }, outlet) => grpcPrices.stream(request, signal, outlet),
    streamPriceBatches: (request, { signal }, outlet) =>
      grpcPrices.streamBatches(request, signal, outlet),
    healthCheck: (request) => healthCheck(request.service, service, core, health),
    generateSimulation: (request) => simulation(request, hypothetical),
    streamScenario: streaming((request) => hypotheticalScenario(request, hypothetical)),
  };
  const prices: ServiceHandlers<typeof PriceFeedService> = {
    getCurrentPrice: (request) => currentPrice(request, core),
    subscribePrices: (request, { signal }, outlet) => grpcPrices.stream(request, signal, outlet),
    getPriceHistory: (request) => priceHistory(request, parts),
    getMarketDepth: (request) => marketDepth(request, core),
  };
  const past: ServiceHandlers<typeof HistoricalDataService> = {
    getOHLCV: (request) => candleHistory(request, parts),
    getVolumeProfile: (request) => volumesByPrice(request, parts),
    getCorrelationMatrix: (request) => correlationMatrix(request, parts),
  };
  return { market, prices, past };
}

/** Handlers of each service of the contract. */
export interface MarketDataHandlers {
  readonly market: ServiceHandlers<typeof MarketDataService>;
  readonly prices: ServiceHandlers<typeof PriceFeedService>;
  readonly past: ServiceHandlers<typeof HistoricalDataService>;
}

export interface GrpcParts extends HandlerParts {
  readonly handlers: MarketDataHandlers;
  readonly metrics: MetricsPort;
  readonly logger: Logger;
}

/** The services of the market data contract over gRPC. Not listening yet. */
export function createGrpcHost(parts: GrpcParts): GrpcHost {
  const { core, service, health, handlers, metrics, logger } = parts;
  const host = new GrpcHost({
    service,
    logger,
    metrics,
    clock: core.clock,
    health,
    healthNames: HEALTH_NAMES.filter((name) => name !== service),
  });
  host.add(MarketDataService, handlers.market);
  host.add(PriceFeedService, handlers.prices);
  host.add(HistoricalDataService, handlers.past);
  return host;
}

/** The same over the Connect protocol, JSON or binary. */
export function serveConnect(app: HttpHost, service: string, handlers: MarketDataHandlers): void {
  connectService(app, MarketDataService, handlers.market, { service });
  connectService(app, PriceFeedService, handlers.prices, { service });
  connectService(app, HistoricalDataService, handlers.past, { service });
}

/** @throws Problem */
function currentPrice(
  { symbol: text }: GetPriceRequest,
  { feed, clock }: Pick<Core, "feed" | "clock">,
): MessageInitShape<typeof GetPriceResponseSchema> {
  const terms = symbolNamed(feed, text);
  const { symbol } = terms;
  const tick = feed.latest(symbol);
  if (tick === undefined) throw priceUnavailable();
  return {
    symbol,
    price: priceNumber(tick.price, terms),
    priceDecimal: priceText(tick.price, terms),
    bid: priceNumber(tick.bid, terms),
    ask: priceNumber(tick.ask, terms),
    timestamp: toTimestamp(tick.timestamp),
    source: tick.source,
    sequence: BigInt(tick.sequence),
    confidence: tick.confidence,
    state: feed.state(symbol, clock.now()),
  };
}

/** @throws Problem */
function marketDepth(
  request: DepthRequest,
  { feed }: Pick<Core, "feed">,
): MessageInitShape<typeof DepthResponseSchema> {
  const terms = symbolNamed(feed, request.symbol);
  const levels = limitOf(request.depth, DEPTH_LEVELS, DEPTH_LEVELS, "depth");
  const depth = feed.depth(terms.symbol);
  if (depth === undefined) throw priceUnavailable();
  const { tick, bids, asks } = depth;
  return {
    symbol: terms.symbol,
    bids: bids.slice(0, levels).map((level) => levelOf(level, terms)),
    asks: asks.slice(0, levels).map((level) => levelOf(level, terms)),
    timestamp: toTimestamp(tick.timestamp),
    sequence: BigInt(tick.sequence),
  };
}

function levelOf({ price, size }: DepthLevel, terms: SymbolTerms) {
  return { price: priceNumber(price, terms), size: volumeNumber(size) };
}

async function healthCheck(
  asked: string,
  own: string,
  { clock }: Pick<Core, "clock">,
  health: Health,
): Promise<MessageInitShape<typeof HealthCheckResponseSchema>> {
  const timestamp = toTimestamp(clock.now());
  if (!["", own, ...HEALTH_NAMES].includes(asked)) {
    return { status: HealthStatus.SERVICE_UNKNOWN, message: "no such service", timestamp };
  }
  const { status, checks } = await health.readiness();
  const isServing = status !== "not_ready";
  return {
    status: isServing ? HealthStatus.SERVING : HealthStatus.NOT_SERVING,
    message: status,
    timestamp,
    details: Object.fromEntries(Object.entries(checks).map(([name, { state }]) => [name, state])),
  };
}
