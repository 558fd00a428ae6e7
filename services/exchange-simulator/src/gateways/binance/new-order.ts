import {
  type AccountNumber,
  amount,
  countOf,
  type Increment,
  type Instrument,
  lots,
  OFF_GRID,
  type PlaceOrder,
  ticks,
} from "@tse/domain";
import type { ENDPOINTS } from "./endpoints.ts";
import { refused } from "./failures.ts";
import type { Values } from "./parameters.ts";
import {
  DEFAULT_SELF_TRADE_MODE,
  type ORDER_TYPES,
  selfTradePreventionOf,
  sideOf,
  timeInForceOf,
  UNSUPPORTED_TYPES,
} from "./wire-words.ts";

/** What a client sends to place an order. */
export type OrderValues = Values<typeof ENDPOINTS.placeOrder.parameters>;

type SupportedType = (typeof ORDER_TYPES)[number];

/** What each type must have and must not have. A market order's size is a case of its own. */
const SHAPES: Record<
  SupportedType,
  { readonly needs: readonly Field[]; readonly excludes: readonly Field[] }
> = {
  LIMIT: {
    needs: ["timeInForce", "quantity", "price"],
    excludes: ["quoteOrderQty", "stopPrice", "trailingDelta"],
  },
  LIMIT_MAKER: {
    needs: ["quantity", "price"],
    excludes: ["timeInForce", "quoteOrderQty", "stopPrice", "trailingDelta"],
  },
  MARKET: {
    needs: [],
    excludes: ["timeInForce", "price", "stopPrice", "trailingDelta", "icebergQty"],
  },
};

type Field = keyof OrderValues;

/** The command of a new order; throws what is wrong with its parameters as a whole. */
export function placeOrder(
  values: OrderValues,
  account: AccountNumber,
  instrument: Instrument,
): PlaceOrder {
  const type = shaped(values);
  const { selfTradePreventionMode = DEFAULT_SELF_TRADE_MODE } = values;
  if (selfTradePreventionMode === "TRANSFER") throw refused("self_trade_mode");
  return {
    kind: "place_order",
    account,
    instrument: instrument.id,
    side: sideOf(values.side),
    type: type === "MARKET" ? "market" : "limit",
    limit: ticks(stepsIn(values.price, instrument.tickSize)),
    quantity: lots(stepsIn(values.quantity, instrument.lotSize)),
    quoteQuantity: values.quoteOrderQty ?? amount(0n),
    timeInForce: type === "MARKET" ? "ioc" : timeInForceOf(values.timeInForce ?? "GTC"),
    postOnly: type === "LIMIT_MAKER",
    selfTradePrevention: selfTradePreventionOf(selfTradePreventionMode),
    clientOrderId: values.newClientOrderId ?? "",
    fault: undefined,
  };
}

function shaped(values: OrderValues): SupportedType {
  const { type } = values;
  if (type in UNSUPPORTED_TYPES) {
    if (values.trailingDelta !== undefined) throw refused("trailing_stop");
    throw refused(UNSUPPORTED_TYPES[type as keyof typeof UNSUPPORTED_TYPES]);
  }

  const { needs, excludes } = SHAPES[type as SupportedType];
  for (const name of needs) if (values[name] === undefined) throw refused("missing", name);
  for (const name of excludes) if (values[name] !== undefined) throw refused("not_required", name);
  if (type === "MARKET") checkMarketSize(values);
  if (values.icebergQty !== undefined) throw refused("iceberg");
  return type as SupportedType;
}

function checkMarketSize({ quantity, quoteOrderQty }: OrderValues): void {
  if (quantity === undefined && quoteOrderQty === undefined) {
    throw refused("missing_both", "quantity", "quoteOrderQty");
  }
  if (quantity !== undefined && quoteOrderQty !== undefined) throw refused("combination");
}

/** 0 for nothing sent; `OFF_GRID` for zero, for no multiple of the step, and beyond 2^53 - 1 steps. */
function stepsIn(text: string | undefined, step: Increment): number {
  if (text === undefined) return 0;
  return countOf(text, step) || OFF_GRID;
}
