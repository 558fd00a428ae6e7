import { type Duration, type Timestamp, timestamp } from "@tse/domain";
import type { ScenarioEvent } from "@tse/market-model";
import {
  Connections,
  ControllableClock,
  type Logger,
  type PrometheusMetrics,
} from "@tse/service-kit";
import { seededRandom } from "@tse/simulation";
import { Archive } from "./archive/archive.ts";
import { AuditTrail } from "./archive/audit-trail.ts";
import { Publisher } from "./archive/publisher.ts";
import { ScenarioRuns } from "./archive/scenario-runs.ts";
import { SharedSeries } from "./archive/shared-series.ts";
import type { MarketStore } from "./archive/store.ts";
import type { MarketDataConfig } from "./config.ts";
import { FanOut } from "./fan-out/fan-out.ts";
import { MarketTopics } from "./fan-out/market-topics.ts";
import { Faults } from "./faults/faults.ts";
import { FeedDriver } from "./feed/feed-driver.ts";
import {
  CANDLE_OVERLAP,
  type FeedTerms,
  type KnownPast,
  type OpenedFeed,
  openFeed,
} from "./feed/open-feed.ts";
import { symbolsOf } from "./feed/symbol-terms.ts";
import { GrpcPrices } from "./grpc/price-streams.ts";
import { History } from "./history/history.ts";
import { StoredHistory } from "./history/stored-history.ts";
import type { ModeSet } from "./modes/mode-terms.ts";
import { tellMarket } from "./modes/tell-market.ts";
import type { ScenarioCatalogue } from "./scenarios/catalogue.ts";
import { ScenarioFaults, type ScenarioFaultsParts } from "./scenarios/scenario-faults.ts";
import { Scenarios } from "./scenarios/scenarios.ts";
import { PriceStreams } from "./streams/price-updates.ts";
import { StreamBytes } from "./streams/stream-bytes.ts";
import { Subscriptions } from "./streams/subscriptions.ts";

export interface CoreParts {
  readonly config: MarketDataConfig;
  readonly clock: ControllableClock;
  readonly store: MarketStore;
  readonly past: KnownPast | undefined;
  /** What PRICE_MODE comes to, where a path begins with it. */
  readonly modes: ModeSet | undefined;
  readonly catalogue: ScenarioCatalogue;
  readonly metrics: PrometheusMetrics;
  readonly logger: Logger;
}

/** A virtual clock's start: Monday, 5 January 2026, the same in every world. */
const VIRTUAL_START = timestamp(1_767_571_200_000_000);

const HEARTBEAT_MS = 15_000;
const PLANS_MAX = 10_000;

/** Never before the time that the market had reached. */
export function marketClock(
  { clockMode }: MarketDataConfig,
  lastTime: Timestamp | undefined,
): ControllableClock {
  if (clockMode === "real") {
    return new ControllableClock({ mode: "real", ...(lastTime && { start: lastTime }) });
  }
  const start = timestamp(Math.max(VIRTUAL_START, lastTime ?? 0));
  return new ControllableClock({ mode: "virtual", start });
}

/** One world's market, wired but not started: everything but its listeners. Nothing in it is global to the process. */
export function createCore(parts: CoreParts) {
  const { config, clock, store, metrics, logger } = parts;
  const { recorder, adapter, datasets } = store;
  const isTimeKept = config.clockMode === "real";
  const audit = new AuditTrail(adapter, clock);
  const runs = new ScenarioRuns({ adapter, symbols: symbolsOf(config.symbols), logger });
  const opened = openPath(parts, audit, runs);
  const { feed } = opened;
  const faults = createFaults(config, clock, audit);
  const bytes = new StreamBytes();
  const fanOut = new FanOut({
    flushMs: config.streamFlushMs,
    subscribersMax: config.subscribersMax,
    symbolSubscribersMax: config.symbolSubscribersMax,
    metrics,
    onFlush() {
      bytes.clear();
      grpcPrices.clear();
    },
    through: (outlet, number) => faults.through(outlet, number),
    onGone: (number) => faults.release(number),
  });
  faults.disconnect = (number) => fanOut.disconnect(number);
  faults.resume = () => fanOut.resumeAll();
  const topics = new MarketTopics(feed, fanOut);
  const streams = new PriceStreams({ feed, fanOut, topics });
  const grpcPrices = new GrpcPrices(streams);
  const publisher = new Publisher(adapter, feed);
  const archive = new Archive({
    adapter,
    publisher,
    audit,
    runs,
    feed,
    logger,
    metrics,
    candlesFrom: timestamp((opened.lastTime ?? 0) - CANDLE_OVERLAP),
    wholeFrom: opened.wholeFrom,
    // History in memory ends with its process, and begins anew.
    past: store.kind === "memory" ? undefined : opened.past,
  });
  const series = new SharedSeries({ adapter, feed, logger });
  const driver = new FeedDriver({ feed, clock, recorder, isTimeKept });
  return {
    ...scenarioParts(parts, driver, { clock, faults, feed }),
    clock,
    feed,
    catchUp: opened.catchUp,
    driver,
    faults,
    fanOut,
    topics,
    bytes,
    publisher,
    audit,
    archive,
    /** Nobody could read it without Redis. */
    series: config.redisUrl === undefined ? undefined : series,
    repositories: adapter,
    datasets,
    history: new History(feed, new StoredHistory(adapter), opened.begin),
    streams,
    grpcPrices,
    connections: new Connections(HEARTBEAT_MS),
    subscriptions: new Subscriptions(PLANS_MAX),
  };
}

function openPath(parts: CoreParts, audit: AuditTrail, runs: ScenarioRuns): OpenedFeed {
  const { config, clock, store, past, modes, metrics, logger } = parts;
  const { recorder, datasets } = store;
  return openFeed({
    terms: feedTerms(config),
    recorder,
    datasets,
    modes,
    now: clock.now(),
    logger,
    past,
    onScenario: (event) => recordScenario(event, audit, runs),
    onMarket: (event) => tellMarket(event, { audit, logger, metrics }),
  });
}

function createFaults(
  config: MarketDataConfig,
  clock: ControllableClock,
  audit: AuditTrail,
): Faults {
  const { seed, chaosEnabled: enabled, chaosLength: defaultLength } = config;
  const random = seededRandom(seed).fork("faults");
  const faults = new Faults({ clock, random, enabled, defaultLength });
  followFaults(faults, audit);
  return faults;
}

function scenarioParts(parts: CoreParts, driver: FeedDriver, links: ScenarioFaultsParts) {
  const { config, catalogue } = parts;
  const { seed, chaosEnabled: enabled } = config;
  const faults = new ScenarioFaults(links);
  return {
    scenarios: new Scenarios({ feed: links.feed, driver, faults, seed, enabled }),
    catalogue,
    /** Of what is asked for and doesn't happen. */
    random: seededRandom(seed).fork("hypothetical"),
  };
}

export type Core = ReturnType<typeof createCore>;

/** What a path of prices follows from, as configured. */
export function feedTerms(config: MarketDataConfig): FeedTerms {
  return {
    seed: config.seed,
    mode: config.priceMode.text,
    interval: config.priceInterval as Duration,
    spread: config.spreadMode,
    symbols: config.symbols,
  };
}

/** What a scenario did is in the audit trail, with its ground truth, and in the row of its run. */
function recordScenario(told: ScenarioEvent, audit: AuditTrail, runs: ScenarioRuns): void {
  runs.record(told);
  const { event, id, ...details } = told;
  const action = `scenario.${event}`;
  audit.record({ action, entityType: "scenario", entityId: id, details: { ...details } });
}

/** Each beginning and end of a fault is in the audit trail, with its ground truth. */
function followFaults(faults: Faults, audit: AuditTrail): void {
  faults.onChange = (change, { id, action, effects, target, seed, endsAt, applied }) => {
    const details = { action, effects, target: { ...target }, seed, endsAt, applied };
    audit.record({ action: `fault.${change}`, entityType: "fault", entityId: id, details });
  };
}
