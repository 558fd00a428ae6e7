import { type Duration, duration, type Instrument, parseAmount, timestamp } from "@tse/domain";
import { MemoryCommandLog } from "@tse/journal";
import { silentLogger } from "@tse/service-kit";
import { seededRandom, VirtualClock } from "@tse/simulation";
import { Venue } from "@tse/venue";
import type { Unit } from "../../src/exchange.ts";
import { KeyRing } from "../../src/keys.ts";
import type { Conditions } from "../../src/participants/conditions.ts";
import type { FixedSpreadAgents } from "../../src/participants/fixed-spread/fixed-spread-agents.ts";
import { Participants } from "../../src/participants/participants.ts";
import { ModelSource, type PriceSource } from "../../src/participants/price-source.ts";
import { Sequencer } from "../../src/sequencer.ts";
import { defaultPrices, UNIT_OF_ACCOUNT } from "../../src/world/market.ts";
import { findDemo, setUpWorld } from "../../src/world/setup.ts";

const START = timestamp(Date.UTC(2026, 0, 5) * 1000);
export const seconds = (count: number): Duration => duration(Math.round(count * 1_000_000));

const CALM: Conditions = { spreadMultiplier: () => 1, liquidityFactor: () => 1 };
const MAX_ORDER = "1000000";

export interface RunningWorldOptions {
  readonly seed?: string;
  readonly conditions?: Conditions;
  readonly slippage?: boolean;
  readonly maxOrderNotional?: string;
  /** Prices that the test gives; the world's own by default. */
  readonly source?: PriceSource;
  /** Participants of the profile `realistic`; `fixed-spread` by default. */
  readonly realistic?: { readonly activity: number };
}

/** The default world on a virtual clock that the test moves: real venue, sequencer and participants. */
export async function runningWorld(options: RunningWorldOptions = {}) {
  const clock = new VirtualClock(START);
  const maxOrderNotional = parseAmount(options.maxOrderNotional ?? MAX_ORDER) ?? (0n as never);
  const venue = new Venue({
    kycRequired: false,
    maxSubAccounts: 100,
    orderRate: undefined,
    maxOrderNotional,
    unitOfAccount: UNIT_OF_ACCOUNT,
  });
  const failures: unknown[] = [];
  const exchange = new Sequencer({
    venue,
    log: new MemoryCommandLog(),
    clock,
    onFatal: (error) => failures.push(error),
  });
  const units: Unit[] = [];
  exchange.subscribe((unit) => units.push(unit));

  const keys = new KeyRing(venue, { secretKey: Buffer.alloc(32, 7), now: () => clock.now() });
  const demoKey = { keyId: "demo-key-of-the-tests", secret: "s".repeat(64) };
  await setUpWorld({ exchange, keys, demoKey });
  const demo = findDemo(venue, keys);

  const random = seededRandom(options.seed ?? "42");
  const interval = seconds(1);
  const model = defaultPrices({ random: random.fork("prices"), start: START, interval });
  const participants = new Participants({
    exchange,
    conditions: options.conditions ?? CALM,
    settings: {
      slippage: options.slippage ?? true,
      maxOrderNotional,
      unitOfAccount: UNIT_OF_ACCOUNT,
    },
    ...(options.realistic !== undefined && { realistic: options.realistic }),
    log: silentLogger,
  });
  await participants.start({
    source: options.source ?? new ModelSource({ clock, model, interval }),
    random: random.fork("participants"),
  });

  const advance = (by: Duration) => clock.advance(by, () => exchange.durable());
  return { clock, venue, exchange, participants, units, demo, failures, advance };
}

export type RunningWorld = Awaited<ReturnType<typeof runningWorld>>;

export function instrumentOf({ venue }: Pick<RunningWorld, "venue">, symbol: string): Instrument {
  const instrument = venue.instrumentNamed(symbol);
  if (instrument === undefined) throw new RangeError(`${symbol} is listed`);
  return instrument;
}

/** What the agents of the profile `fixed-spread` say of themselves. */
export function fixedSpreadOf(
  { participants }: Pick<RunningWorld, "participants">,
  symbol: string,
) {
  const state = participants.states().find((each) => each.symbol === symbol);
  if (state?.profile !== "fixed-spread") throw new RangeError(`${symbol} has a fixed spread`);
  return state as unknown as ReturnType<FixedSpreadAgents["state"]>;
}
