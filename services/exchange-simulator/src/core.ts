import { duration, type Timestamp, timestamp, type VenueRules } from "@tse/domain";
import { ControllableClock, type Logger } from "@tse/service-kit";
import { seededRandom } from "@tse/simulation";
import { Chaos } from "./chaos/chaos.ts";
import type { ExchangeConfig } from "./config.ts";
import { OrderEntry } from "./entry.ts";
import { newVenue, restoredVenue } from "./genesis.ts";
import type { OlderReplies } from "./idempotency/idempotent-replies.ts";
import { KeyRing } from "./keys.ts";
import { FeedSource, type MarketFeed } from "./participants/feed-source.ts";
import { GrpcFeed } from "./participants/grpc-feed.ts";
import { type Market, Participants } from "./participants/participants.ts";
import { ModelSource } from "./participants/price-source.ts";
import { createRecords } from "./records/records.ts";
import type { Past } from "./records/stored.ts";
import { type ExchangeState, ExchangeViews } from "./recovery/exchange-views.ts";
import type { WorldStorage } from "./recovery/world-storage.ts";
import { Sequencer } from "./sequencer.ts";
import { defaultPrices, lastPrices, UNIT_OF_ACCOUNT } from "./world/market.ts";

export interface CoreOptions {
  readonly config: ExchangeConfig;
  readonly logger: Logger;
  readonly world: WorldStorage;
  /** The snapshot to go on from; `undefined`: from the beginning of the journal. */
  readonly state: ExchangeState | undefined;
  /** Replies that are no longer in memory; absent: they are forgotten. */
  readonly olderReplies?: OlderReplies;
  /** What is no longer in memory. */
  readonly past: Past;
  /** Told once, when the journal failed or a rule of our own was broken: stop the process. */
  readonly onFatal: (error: unknown) => void;
}

/** A virtual clock's start: Monday, 5 January 2026, the same in every world. */
const VIRTUAL_START = timestamp(1_767_571_200_000_000);

/**
 * One world's exchange, wired but not started: everything but its listeners. Nothing in it is global
 * to the process. Its venue stands at the snapshot; the journal is yet to be repeated from there.
 */
export function createCore(options: CoreOptions) {
  const { config, logger, onFatal, world, state } = options;
  const random = seededRandom(config.seed);
  const lastTime = state?.time ?? timestamp(0);
  const clock = worldClock(config, world.lastTime, () => exchange.durable());
  const venue = state === undefined ? newVenue() : restoredVenue(state.venue);
  const exchange = new Sequencer({ venue, log: world.log, clock, lastTime, onFatal });

  const views = new ExchangeViews(venue, options.olderReplies);
  if (state !== undefined) views.restore(state);
  for (const view of views.all) exchange.subscribe(view.record);

  const chaos = new Chaos({
    clock,
    names: venue,
    random: random.fork("chaos"),
    enabled: config.chaosEnabled,
    defaultLength: config.chaosLength,
  });
  const matchingLatency = duration(config.matchingLatencyMs * 1_000);
  const entry = new OrderEntry({ exchange, clock, faults: chaos, matchingLatency });
  const keys = new KeyRing(venue, { secretKey: world.secretKey, now: () => clock.now() });
  const participants = new Participants({
    exchange,
    conditions: chaos,
    settings: {
      slippage: config.slippage,
      maxOrderNotional: config.maxOrderSize,
      unitOfAccount: UNIT_OF_ACCOUNT,
    },
    ...(config.participants === "realistic" && {
      realistic: { activity: Number(config.participantActivity) },
    }),
    log: logger,
  });
  const { orders, feeds, tape, transfers, statement, replies } = views;
  const live = { orders, feeds, tape, transfers, statement, replies };
  const records = createRecords({ venue, ...live, past: options.past });
  return { clock, venue, exchange, views, ...live, records, chaos, entry, keys, participants };
}

export type Core = ReturnType<typeof createCore>;

interface MarketOptions {
  readonly config: ExchangeConfig;
  readonly logger: Logger;
  /** A market-data service in this process; it goes before the configured peer. */
  readonly feed?: () => Promise<MarketFeed>;
}

/** What the simulated market of a venue goes by; in a world that goes on, from where its prices were. */
export async function marketOf(
  core: Core,
  options: MarketOptions,
  isNew: boolean,
): Promise<Market> {
  const { clock, venue } = core;
  const { config } = options;
  const run = isNew ? "" : ` from ${venue.sequence}`;
  const random = seededRandom(config.seed).fork(`participants${run}`);
  const feed = (await options.feed?.()) ?? peerFeed(options);
  if (feed !== undefined) return { source: new FeedSource(feed), random };
  const model = defaultPrices({
    random: seededRandom(config.seed).fork(`prices${run}`),
    start: clock.now(),
    interval: config.priceInterval,
    ...(isNew ? {} : { prices: lastPrices(venue) }),
  });
  const source = new ModelSource({ clock, model, interval: config.priceInterval });
  return { source, random };
}

function peerFeed({ config, logger }: MarketOptions): MarketFeed | undefined {
  if (config.marketData === undefined) return undefined;
  const { host, grpcPort } = config.marketData;
  return new GrpcFeed(`${host}:${grpcPort}`, logger);
}

/** Never before the world's last command. An `advance` waits after each timer until what it set off is durable, whatever mode it began in. */
function worldClock(
  config: ExchangeConfig,
  lastTime: Timestamp,
  settle: () => Promise<void>,
): ControllableClock {
  if (config.clockMode === "real") {
    return new ControllableClock({ mode: "real", start: lastTime, settle });
  }
  const start = timestamp(Math.max(VIRTUAL_START, lastTime));
  return new ControllableClock({ mode: "virtual", start, settle });
}

/** The rules that the configuration asks for. */
export function configuredRules(config: ExchangeConfig): VenueRules {
  const { orderRateLimit: perSecond } = config;
  const isUnlimited = config.limits === "off" || perSecond === 0;
  return {
    kycRequired: config.kycRequired,
    maxSubAccounts: config.maxSubAccounts,
    orderRate: isUnlimited ? undefined : { perSecond, burst: 2 * perSecond },
    maxOrderNotional: config.maxOrderSize,
  };
}
