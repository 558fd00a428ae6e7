import { randomBytes } from "node:crypto";
import { duration, timestamp } from "@tse/domain";
import { MemoryCommandLog } from "@tse/journal";
import { ControllableClock, type Logger } from "@tse/service-kit";
import { seededRandom } from "@tse/simulation";
import { Venue } from "@tse/venue";
import { Chaos } from "./chaos/chaos.ts";
import type { ExchangeConfig } from "./config.ts";
import { OrderEntry } from "./entry.ts";
import { postedRenderer } from "./gateways/native/posted.ts";
import { IdempotentReplies } from "./idempotency/idempotent-replies.ts";
import { KeyRing } from "./keys.ts";
import { Participants } from "./participants/participants.ts";
import { ModelSource } from "./participants/price-source.ts";
import { Sequencer } from "./sequencer.ts";
import { FeedStates } from "./views/feed-states.ts";
import { OrderHistory } from "./views/orders.ts";
import { Statement } from "./views/statement.ts";
import { Tape } from "./views/tape.ts";
import { TransferHistory } from "./views/transfers.ts";
import { defaultPrices, UNIT_OF_ACCOUNT } from "./world/market.ts";

export interface CoreOptions {
  readonly config: ExchangeConfig;
  readonly logger: Logger;
  /** Told once, when the journal failed or a rule of our own was broken: stop the process. */
  readonly onFatal: (error: unknown) => void;
}

/** A virtual clock's start: Monday, 5 January 2026, the same in every world. */
const VIRTUAL_START = timestamp(1_767_571_200_000_000);

/** The journal ends with the process: only what a reader may still ask for is kept. */
const JOURNALED_COMMANDS = 1_000;
const SECRET_KEY_BYTES = 32;

/**
 * One world's exchange, wired but not started: everything but its listeners. Nothing in it is global
 * to the process.
 */
export function createCore({ config, logger, onFatal }: CoreOptions) {
  const random = seededRandom(config.seed);
  const clock = worldClock(config, () => exchange.durable());
  const venue = createVenue(config);
  const log = new MemoryCommandLog({ retain: JOURNALED_COMMANDS });
  const exchange = new Sequencer({ venue, log, clock, onFatal });

  const views = {
    orders: new OrderHistory(venue),
    feeds: new FeedStates(),
    tape: new Tape(venue),
    transfers: new TransferHistory(),
    statement: new Statement(venue),
  };
  for (const view of Object.values(views)) exchange.subscribe(view.record);
  const replies = new IdempotentReplies({ render: postedRenderer({ venue, ...views }) });
  exchange.subscribe(replies.record);

  const chaos = new Chaos({
    clock,
    names: venue,
    random: random.fork("chaos"),
    enabled: config.chaosEnabled,
    defaultLength: config.chaosLength,
  });
  const matchingLatency = duration(config.matchingLatencyMs * 1_000);
  const entry = new OrderEntry({ exchange, clock, faults: chaos, matchingLatency });
  const secretKey = config.secretKey ?? randomBytes(SECRET_KEY_BYTES);
  const keys = new KeyRing(venue, { secretKey, now: () => clock.now() });

  const prices = { random: random.fork("prices"), start: clock.now() };
  const model = defaultPrices({ ...prices, interval: config.priceInterval });
  const participants = new Participants({
    exchange,
    source: new ModelSource({ clock, model, interval: config.priceInterval }),
    conditions: chaos,
    settings: {
      slippage: config.slippage,
      maxOrderNotional: config.maxOrderSize,
      unitOfAccount: UNIT_OF_ACCOUNT,
    },
    random: random.fork("participants"),
    log: logger,
  });
  return { clock, venue, exchange, ...views, replies, chaos, entry, keys, participants };
}

export type Core = ReturnType<typeof createCore>;

/** An `advance` waits after each timer until what it set off is durable, whatever mode it began in. */
function worldClock(config: ExchangeConfig, settle: () => Promise<void>): ControllableClock {
  return config.clockMode === "real"
    ? new ControllableClock({ mode: "real", settle })
    : new ControllableClock({ mode: "virtual", start: VIRTUAL_START, settle });
}

/** The venue as configured, without a command yet. */
export function createVenue(config: ExchangeConfig): Venue {
  const { orderRateLimit: perSecond } = config;
  const unlimited = config.limits === "off" || perSecond === 0;
  return new Venue({
    kycRequired: config.kycRequired,
    maxSubAccounts: config.maxSubAccounts,
    orderRate: unlimited ? undefined : { perSecond, burst: 2 * perSecond },
    maxOrderNotional: config.maxOrderSize,
    unitOfAccount: UNIT_OF_ACCOUNT,
  });
}
