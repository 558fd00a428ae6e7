import {
  type AccountNumber,
  type AmendOrder,
  amount,
  type Increment,
  type Instrument,
  lots,
  OFF_GRID,
  type OrderSeq,
  type PlaceOrder,
  parseDecimal,
  ticks,
} from "@tse/domain";
import type { Amendment, NewOrder } from "./wire/order-requests.ts";
import { fromWire } from "./wire/words.ts";

const STEP_SCALE = 8;
const MOST_STEPS = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * Whole steps in a decimal of at most 8 places: `OFF_GRID` when it isn't a multiple of the step. More
 * than 2^53 - 1 of them count as that many: above every limit, so that the venue refuses them for it.
 */
function stepsIn(text: string, step: Increment): number {
  const minor = parseDecimal(text, STEP_SCALE);
  if (minor === undefined || minor % step.minor !== 0n) return OFF_GRID;
  const steps = minor / step.minor;
  return Number(steps < MOST_STEPS ? steps : MOST_STEPS);
}

/** The command of a well-formed new order. */
export function placeOrder(
  order: NewOrder,
  account: AccountNumber,
  instrument: Instrument,
): PlaceOrder {
  const { price, quantity, quoteQuantity } = order;
  const type = fromWire(order.orderType);
  return {
    kind: "place_order",
    account,
    instrument: instrument.id,
    side: fromWire(order.side),
    type,
    limit: ticks(price === undefined ? 0 : stepsIn(price, instrument.tickSize)),
    quantity: lots(quantity === undefined ? 0 : stepsIn(quantity, instrument.lotSize)),
    quoteQuantity: quoteQuantity ?? amount(0n),
    timeInForce: type === "market" ? "ioc" : fromWire(order.timeInForce ?? "GTC"),
    postOnly: order.postOnly ?? false,
    selfTradePrevention: fromWire(order.stpMode ?? "EXPIRE_MAKER"),
    clientOrderId: order.clientOrderId ?? "",
    fault: undefined,
  };
}

/** The command of a well-formed amendment. */
export function amendOrder(
  change: Amendment,
  order: { readonly account: AccountNumber; readonly orderSeq: OrderSeq },
  instrument: Instrument,
): AmendOrder {
  const { price, quantity } = change;
  return {
    kind: "amend_order",
    account: order.account,
    orderSeq: order.orderSeq,
    limit: ticks(price === undefined ? 0 : stepsIn(price, instrument.tickSize)),
    quantity: lots(quantity === undefined ? 0 : stepsIn(quantity, instrument.lotSize)),
  };
}
