import {
  type AccountNumber,
  type AssetId,
  assert,
  type InstrumentId,
  type Lots,
  type OrderEnd,
  type OrderSeq,
  type PlaceOrder,
  type Ticks,
  type Trade,
  type TradeSeq,
  type VenueEvent,
} from "@tse/domain";
import { toAmount } from "../ledger/money.ts";
import { ENDS, KIND, sideOf } from "./codes.ts";

/** The event whose record begins at `start`. Inverse of what `EventLog` writes. */
export function decode(
  words: Float64Array,
  start: number,
  object: VenueEvent | PlaceOrder | undefined,
): VenueEvent {
  const word = (position: number): number => words[start + position] as number;

  switch (word(0)) {
    case KIND.orderAccepted:
      assert(object?.kind === "place_order", "an order_accepted keeps its order");
      return {
        kind: "order_accepted",
        orderSeq: word(1) as OrderSeq,
        order: object,
        replaces: word(2) as OrderSeq,
      };
    case KIND.trade:
      return trade(word);
    case KIND.orderClosed:
      return {
        kind: "order_closed",
        orderSeq: word(1) as OrderSeq,
        account: word(2) as AccountNumber,
        instrument: word(3) as InstrumentId,
        end: ENDS[word(4)] as OrderEnd,
        left: word(5) as Lots,
      };
    case KIND.balanceChanged:
      return {
        kind: "balance_changed",
        account: word(1) as AccountNumber,
        asset: word(2) as AssetId,
        available: toAmount(word(3), word(4)),
        locked: toAmount(word(5), word(6)),
      };
    case KIND.levelChanged:
      return {
        kind: "level_changed",
        instrument: word(1) as InstrumentId,
        side: sideOf(word(2)),
        price: word(3) as Ticks,
        quantity: word(4) as Lots,
        bookSequence: word(5),
      };
    case KIND.orderReduced:
      return {
        kind: "order_reduced",
        orderSeq: word(1) as OrderSeq,
        account: word(2) as AccountNumber,
        instrument: word(3) as InstrumentId,
        quantity: word(4) as Lots,
      };
    case KIND.selfTradePrevented:
      return {
        kind: "self_trade_prevented",
        instrument: word(1) as InstrumentId,
        takerOrder: word(2) as OrderSeq,
        makerOrder: word(3) as OrderSeq,
        quantity: word(4) as Lots,
      };
    default:
      assert(
        object !== undefined && object.kind !== "place_order",
        "a rare event is kept as it is",
      );
      return object;
  }
}

function trade(word: (position: number) => number): Trade {
  const instrument = Math.floor(word(2) / 2);
  return {
    kind: "trade",
    tradeSeq: word(1) as TradeSeq,
    instrument: instrument as InstrumentId,
    price: word(3) as Ticks,
    quantity: word(4) as Lots,
    notional: toAmount(word(9), word(10)),
    takerSide: sideOf(word(2) - 2 * instrument),
    takerOrder: word(5) as OrderSeq,
    makerOrder: word(6) as OrderSeq,
    takerAccount: word(7) as AccountNumber,
    makerAccount: word(8) as AccountNumber,
    takerFee: toAmount(word(11), word(12)),
    makerFee: toAmount(word(13), word(14)),
  };
}
