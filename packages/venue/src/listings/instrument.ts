import {
  type AssetId,
  type Increment,
  type Instrument,
  type InstrumentId,
  type ListInstrument,
  MAX_AMOUNT,
  parseIncrement,
  RATE_ONE,
  type TradingRules,
} from "@tse/domain";

const MINOR_PER_UNIT = 10n ** 8n;
const LARGEST = BigInt(Number.MAX_SAFE_INTEGER);

/** What names an instrument; its steps and rules come from the command. */
export interface Naming {
  readonly id: InstrumentId;
  readonly base: AssetId;
  readonly quote: AssetId;
}

/** The instrument a command describes, or `undefined` when its steps or rules contradict each other. */
export function instrumentOf(command: ListInstrument, naming: Naming): Instrument | undefined {
  const tickSize = parseIncrement(command.tickSize);
  const lotSize = parseIncrement(command.lotSize);
  if (tickSize === undefined || lotSize === undefined || !isExact(tickSize, lotSize))
    return undefined;
  const { baseAsset, quoteAsset, startPrice, rules } = command;
  const instrument: Instrument = {
    ...rules,
    ...naming,
    symbol: `${baseAsset}/${quoteAsset}`,
    baseAsset,
    quoteAsset,
    tickSize,
    lotSize,
    minorPerTickLot: Number((tickSize.minor * lotSize.minor) / MINOR_PER_UNIT),
    minorPerLot: Number(lotSize.minor),
    startPrice,
  };
  const isPossible = baseAsset !== quoteAsset && isCount(startPrice) && isSound(instrument);
  return isPossible ? instrument : undefined;
}

/** The instrument with the given rules changed, or `undefined` when that makes no sense. */
export function changed(
  instrument: Instrument,
  rules: Partial<TradingRules>,
): Instrument | undefined {
  const given = Object.entries(rules).filter(
    ([name, value]) => value !== undefined && RULES.has(name),
  );
  const next: Instrument = { ...instrument, ...Object.fromEntries(given) };
  return isSound(next) ? next : undefined;
}

const RULES: ReadonlySet<string> = new Set<keyof TradingRules>([
  "status",
  "minQuantity",
  "maxQuantity",
  "minNotional",
  "maxNotional",
  "priceBand",
  "priceMultiplierDown",
  "priceMultiplierUp",
  "maxOpenOrders",
  "maxSpread",
  "makerFee",
  "takerFee",
]);

const STATUSES: ReadonlySet<string> = new Set(["trading", "halted", "cancel_only", "delisted"]);

/** Whether tick × lot is a whole number of minor units, so that price × quantity never rounds. */
function isExact(tickSize: Increment, lotSize: Increment): boolean {
  const product = tickSize.minor * lotSize.minor;
  const isWhole = product % MINOR_PER_UNIT === 0n && product / MINOR_PER_UNIT <= LARGEST;
  return isWhole && lotSize.minor <= LARGEST;
}

function isSound(instrument: Instrument): boolean {
  return hasSoundSizes(instrument) && hasSoundPrices(instrument) && hasSoundRest(instrument);
}

function hasSoundSizes(instrument: Instrument): boolean {
  const { minQuantity, maxQuantity, minNotional, maxNotional, minorPerLot, minorPerTickLot } =
    instrument;
  return (
    isCount(minQuantity) &&
    isCount(maxQuantity) &&
    minQuantity <= maxQuantity &&
    BigInt(maxQuantity) * BigInt(minorPerLot) <= MAX_AMOUNT &&
    minNotional >= 0n &&
    minNotional <= maxNotional &&
    maxNotional <= MAX_AMOUNT &&
    // Keeps ticks × lots of one order exact in a double.
    maxNotional <= LARGEST * BigInt(minorPerTickLot)
  );
}

function hasSoundPrices({
  priceBand,
  priceMultiplierDown,
  priceMultiplierUp,
}: Instrument): boolean {
  return (
    isRate(priceBand) &&
    isRate(priceMultiplierDown) &&
    Number.isSafeInteger(priceMultiplierUp) &&
    priceMultiplierUp >= RATE_ONE
  );
}

function hasSoundRest({
  status,
  maxOpenOrders,
  maxSpread,
  makerFee,
  takerFee,
}: Instrument): boolean {
  const isKnown = STATUSES.has(status);
  return (
    isKnown && isCount(maxOpenOrders) && isRate(maxSpread) && isRate(makerFee) && isRate(takerFee)
  );
}

/** Whether a number can be a count of something there must be at least one of. */
function isCount(value: number): boolean {
  return value > 0 && Number.isSafeInteger(value);
}

export function isRate(value: number): boolean {
  return value >= 0 && value <= RATE_ONE && Number.isSafeInteger(value);
}
