import type {
  AccountNumber,
  AmendOrder,
  Amount,
  CancelOrder,
  Command,
  InstrumentId,
  Lots,
  OrderSeq,
  OrderType,
  PlaceOrder,
  SelfTradePrevention,
  SetReferencePrice,
  Side,
  Ticks,
  TimeInForce,
} from "@tse/domain";
import type { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";

/** Positions are the format: add at the end, never reorder. */
const SIDES: readonly Side[] = ["buy", "sell"];
const TYPES: readonly OrderType[] = ["limit", "market"];
const TIMES_IN_FORCE: readonly TimeInForce[] = ["gtc", "ioc", "fok"];
const PREVENTIONS: readonly SelfTradePrevention[] = [
  "none",
  "expire_taker",
  "expire_maker",
  "expire_both",
  "decrement",
];

const KIND = { place_order: 1, cancel_order: 2, amend_order: 3, set_reference_price: 4 } as const;

/** How many keys a command of the kind has when it has a compact form. */
const KEYS = { place_order: 13, cancel_order: 4, amend_order: 5, set_reference_price: 3 } as const;

/**
 * Writes the commands that come by the million in a few bytes. Whole numbers are written as their
 * value plus one, so that -1, which stands for off the grid, has a place.
 *
 * @returns false, with nothing written, when `command` has no compact form: it is of another kind,
 * misses a field, or has one that this version does not know
 */
export function writeCompact(to: ByteWriter, command: Command): boolean {
  switch (command.kind) {
    case "place_order":
      return writePlaceOrder(to, command);
    case "cancel_order":
      return writeCancelOrder(to, command);
    case "amend_order":
      return writeAmendOrder(to, command);
    case "set_reference_price":
      return writeReferencePrice(to, command);
    default:
      return false;
  }
}

/** @throws RangeError when the bytes are none that `writeCompact` writes */
export function readCompact(from: ByteReader): Command {
  const kind = from.byte();
  switch (kind) {
    case KIND.place_order:
      return readPlaceOrder(from);
    case KIND.cancel_order:
      return readCancelOrder(from);
    case KIND.amend_order:
      return readAmendOrder(from);
    case KIND.set_reference_price:
      return readReferencePrice(from);
    default:
      throw new RangeError(`there is no compact kind ${kind} of a command`);
  }
}

/** `options` holds side, type, time in force and post-only in one byte, from the low bits up: 1, 1, 2, 1. */
function writePlaceOrder(to: ByteWriter, order: PlaceOrder): boolean {
  const { account, instrument, limit, quantity, postOnly, quoteQuantity, clientOrderId } = order;
  const side = SIDES.indexOf(order.side);
  const type = TYPES.indexOf(order.type);
  const timeInForce = TIMES_IN_FORCE.indexOf(order.timeInForce);
  const prevention = PREVENTIONS.indexOf(order.selfTradePrevention);
  const isKnown =
    hasKeys(order, KEYS.place_order) &&
    "fault" in order &&
    order.fault === undefined &&
    typeof postOnly === "boolean" &&
    typeof quoteQuantity === "bigint" &&
    typeof clientOrderId === "string" &&
    (side | type | timeInForce | prevention) >= 0;
  if (!isKnown || !areCounts(account, instrument, limit, quantity)) return false;

  to.byte(KIND.place_order);
  to.byte(side | (type << 1) | (timeInForce << 2) | (postOnly ? 16 : 0));
  to.byte(prevention);
  to.count(account + 1);
  to.count(instrument + 1);
  to.count(limit + 1);
  to.count(quantity + 1);
  to.text(quoteQuantity === 0n ? "" : String(quoteQuantity));
  to.text(clientOrderId);
  return true;
}

function readPlaceOrder(from: ByteReader): PlaceOrder {
  const options = from.byte();
  const prevention = from.byte();
  return {
    kind: "place_order",
    account: (from.count() - 1) as AccountNumber,
    instrument: (from.count() - 1) as InstrumentId,
    side: SIDES[options & 1] as Side,
    type: TYPES[(options >>> 1) & 1] as OrderType,
    limit: (from.count() - 1) as Ticks,
    quantity: (from.count() - 1) as Lots,
    quoteQuantity: readAmount(from),
    timeInForce: named(TIMES_IN_FORCE, (options >>> 2) & 3),
    postOnly: (options & 16) !== 0,
    selfTradePrevention: named(PREVENTIONS, prevention),
    clientOrderId: from.text(),
    fault: undefined,
  };
}

function readAmount(from: ByteReader): Amount {
  const text = from.text();
  return (text === "" ? 0n : BigInt(text)) as Amount;
}

function named<Name>(names: readonly Name[], position: number): Name {
  const name = names[position];
  if (name === undefined) throw new RangeError(`there is no choice ${position}`);
  return name;
}

function writeCancelOrder(to: ByteWriter, command: CancelOrder): boolean {
  const { account, orderSeq, clientOrderId } = command;
  const isKnown = hasKeys(command, KEYS.cancel_order) && typeof clientOrderId === "string";
  if (!isKnown || !areCounts(account, orderSeq, 0, 0)) return false;

  to.byte(KIND.cancel_order);
  to.count(account + 1);
  to.count(orderSeq + 1);
  to.text(clientOrderId);
  return true;
}

function readCancelOrder(from: ByteReader): CancelOrder {
  return {
    kind: "cancel_order",
    account: (from.count() - 1) as AccountNumber,
    orderSeq: (from.count() - 1) as OrderSeq,
    clientOrderId: from.text(),
  };
}

function writeAmendOrder(to: ByteWriter, command: AmendOrder): boolean {
  const { account, orderSeq, limit, quantity } = command;
  if (!hasKeys(command, KEYS.amend_order)) return false;
  if (!areCounts(account, orderSeq, limit, quantity)) return false;

  to.byte(KIND.amend_order);
  to.count(account + 1);
  to.count(orderSeq + 1);
  to.count(limit + 1);
  to.count(quantity + 1);
  return true;
}

function readAmendOrder(from: ByteReader): AmendOrder {
  return {
    kind: "amend_order",
    account: (from.count() - 1) as AccountNumber,
    orderSeq: (from.count() - 1) as OrderSeq,
    limit: (from.count() - 1) as Ticks,
    quantity: (from.count() - 1) as Lots,
  };
}

function writeReferencePrice(to: ByteWriter, command: SetReferencePrice): boolean {
  const { instrument, price } = command;
  if (!hasKeys(command, KEYS.set_reference_price)) return false;
  if (!areCounts(instrument, price, 0, 0)) return false;

  to.byte(KIND.set_reference_price);
  to.count(instrument + 1);
  to.count(price + 1);
  return true;
}

function readReferencePrice(from: ByteReader): SetReferencePrice {
  return {
    kind: "set_reference_price",
    instrument: (from.count() - 1) as InstrumentId,
    price: (from.count() - 1) as Ticks,
  };
}

function hasKeys(command: object, keys: number): boolean {
  let found = 0;
  for (const _ in command) found++;
  return found === keys;
}

function areCounts(a: number, b: number, c: number, d: number): boolean {
  return isCount(a) && isCount(b) && isCount(c) && isCount(d);
}

/** From -1 to 2^53 - 2, and not -0, which the sum with one would lose. */
function isCount(value: number): boolean {
  return (
    Number.isSafeInteger(value) &&
    value >= -1 &&
    value < Number.MAX_SAFE_INTEGER &&
    (value !== 0 || 1 / value > 0)
  );
}
