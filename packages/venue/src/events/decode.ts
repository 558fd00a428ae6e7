import {
  type AccountNumber,
  type Amount,
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

/** The event whose record begins at `at`. Inverse of what `EventLog` writes. */
export function decode(
  words: Float64Array,
  at: number,
  object: VenueEvent | PlaceOrder | undefined,
): VenueEvent {
  switch (words[at]) {
    case KIND.orderAccepted:
      assert(object?.kind === "place_order", "an order_accepted keeps its order");
      return {
        kind: "order_accepted",
        orderSeq: words[at + 1] as OrderSeq,
        order: object,
        replaces: words[at + 2] as OrderSeq,
      };
    case KIND.trade:
      return trade(words, at);
    case KIND.orderClosed:
      return {
        kind: "order_closed",
        orderSeq: words[at + 1] as OrderSeq,
        account: words[at + 2] as AccountNumber,
        instrument: words[at + 3] as InstrumentId,
        end: ENDS[words[at + 4] as number] as OrderEnd,
        left: words[at + 5] as Lots,
      };
    case KIND.balanceChanged:
      return {
        kind: "balance_changed",
        account: words[at + 1] as AccountNumber,
        asset: words[at + 2] as AssetId,
        available: amountAt(words, at + 3),
        locked: amountAt(words, at + 5),
      };
    case KIND.levelChanged:
      return {
        kind: "level_changed",
        instrument: words[at + 1] as InstrumentId,
        side: sideOf(words[at + 2] as number),
        price: words[at + 3] as Ticks,
        quantity: words[at + 4] as Lots,
        bookSequence: words[at + 5] as number,
      };
    case KIND.orderReduced:
      return {
        kind: "order_reduced",
        orderSeq: words[at + 1] as OrderSeq,
        account: words[at + 2] as AccountNumber,
        instrument: words[at + 3] as InstrumentId,
        quantity: words[at + 4] as Lots,
      };
    case KIND.selfTradePrevented:
      return {
        kind: "self_trade_prevented",
        instrument: words[at + 1] as InstrumentId,
        takerOrder: words[at + 2] as OrderSeq,
        makerOrder: words[at + 3] as OrderSeq,
        quantity: words[at + 4] as Lots,
      };
    default:
      assert(
        object !== undefined && object.kind !== "place_order",
        "a rare event is kept as it is",
      );
      return object;
  }
}

function trade(words: Float64Array, at: number): Trade {
  const market = words[at + 2] as number;
  const instrument = Math.floor(market / 2);
  return {
    kind: "trade",
    tradeSeq: words[at + 1] as TradeSeq,
    instrument: instrument as InstrumentId,
    price: words[at + 3] as Ticks,
    quantity: words[at + 4] as Lots,
    notional: amountAt(words, at + 9),
    takerSide: sideOf(market - 2 * instrument),
    takerOrder: words[at + 5] as OrderSeq,
    makerOrder: words[at + 6] as OrderSeq,
    takerAccount: words[at + 7] as AccountNumber,
    makerAccount: words[at + 8] as AccountNumber,
    takerFee: amountAt(words, at + 11),
    makerFee: amountAt(words, at + 13),
  };
}

function amountAt(words: Float64Array, at: number): Amount {
  return toAmount(words[at] as number, words[at + 1] as number);
}
