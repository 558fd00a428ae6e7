import {
  count,
  cursor,
  decimal,
  id,
  instant,
  money,
  requests,
  vocabulary,
} from "@tse/service-kit/schema";
import { z } from "zod";
import { clientOrderId, symbol } from "./scalars.ts";
import { ORDER_STATUSES, ORDER_TYPES, SIDES, STP_MODES, TIMES_IN_FORCE } from "./words.ts";

const price = decimal("Limit price, a multiple of the tick size.", "45000.00");
const quantity = decimal("In the base asset, a multiple of the lot size.", "0.01000");

/** A new order as the client sends it; see `orderIsConsistent` for which fields go together. */
export const newOrder = z
  .strictObject({
    accountId: id("The account that trades; the key's own when absent.").optional(),
    symbol,
    side: z.enum(SIDES),
    orderType: z.enum(ORDER_TYPES),
    quantity: quantity.optional(),
    quoteQuantity: money(
      "MARKET: money to spend or to raise, in place of `quantity`.",
      "500",
    ).optional(),
    price: price.optional(),
    timeInForce: z.enum(TIMES_IN_FORCE).optional(),
    clientOrderId: clientOrderId.optional(),
    postOnly: z.boolean().optional(),
    stpMode: z.enum(STP_MODES).optional(),
  })
  .superRefine((order, context) => {
    for (const [field, rule, message] of contradictions(order)) {
      context.addIssue({ code: "custom", path: [field], message, params: { rule } });
    }
  })
  .register(vocabulary, {
    description: "LIMIT needs `price` and `quantity`; MARKET needs `quantity` or `quoteQuantity`.",
    ...requests({
      "a limit order": {
        accountId: "019b8e4a-7c3c-7001-8000-000000000001",
        symbol: "BTC/USD",
        side: "BUY",
        orderType: "LIMIT",
        quantity: "0.01",
        price: "44000",
      },
      "a market order by money": {
        accountId: "019b8e4a-7c3c-7001-8000-000000000001",
        symbol: "BTC/USD",
        side: "BUY",
        orderType: "MARKET",
        quoteQuantity: "500",
      },
    }),
  });

export type NewOrder = z.output<typeof newOrder>;

type OrderShape = Pick<NewOrder, "orderType" | "timeInForce"> & {
  readonly [Field in "price" | "quantity" | "quoteQuantity" | "postOnly"]?: unknown;
};

/** The fields that don't go together: field, rule, what is wrong. */
function* contradictions(order: OrderShape): Generator<readonly [string, string, string]> {
  if (order.orderType === "LIMIT") yield* limitContradictions(order);
  else yield* marketContradictions(order);
}

function* limitContradictions(order: OrderShape): Generator<readonly [string, string, string]> {
  const { price, quantity, quoteQuantity, timeInForce = "GTC", postOnly } = order;
  if (price === undefined) yield ["price", "required", "is required for LIMIT"];
  if (quantity === undefined) yield ["quantity", "required", "is required for LIMIT"];
  if (quoteQuantity !== undefined) yield ["quoteQuantity", "combination", "is for MARKET only"];
  if (postOnly === true && timeInForce !== "GTC") {
    yield ["postOnly", "combination", "needs timeInForce GTC"];
  }
}

function* marketContradictions(order: OrderShape): Generator<readonly [string, string, string]> {
  const { price, quantity, quoteQuantity, timeInForce = "IOC", postOnly } = order;
  if (price !== undefined) yield ["price", "combination", "is for LIMIT only"];
  if (postOnly === true) yield ["postOnly", "combination", "is for LIMIT only"];
  if (timeInForce !== "IOC") yield ["timeInForce", "combination", "must be IOC for MARKET"];
  if (quantity === undefined && quoteQuantity === undefined) {
    yield ["quantity", "required", "or quoteQuantity is required for MARKET"];
  }
  if (quantity !== undefined && quoteQuantity !== undefined) {
    yield ["quoteQuantity", "combination", "excludes quantity"];
  }
}

export const amendment = z
  .strictObject({ quantity: quantity.optional(), price: price.optional() })
  .superRefine((change, context) => {
    if (change.quantity !== undefined || change.price !== undefined) return;
    const params = { rule: "required" };
    const message = "or price is required";
    context.addIssue({ code: "custom", path: ["quantity"], message, params });
  })
  .register(vocabulary, {
    description:
      "`quantity` is the new total, what is filled included. A smaller quantity alone keeps the order's priority.",
    ...requests({ smaller: { quantity: "0.005" }, "another price": { price: "44100" } }),
  });

export type Amendment = z.output<typeof amendment>;

export const orderId = z.strictObject({ orderId: id("The order's id.") });

/** Words separated by commas: `OPEN,PARTIAL`. */
const statuses = z
  .string()
  .superRefine((list, context) => {
    const known: readonly string[] = ORDER_STATUSES;
    if (list.split(",").every((word) => known.includes(word))) return;
    const message = `must be some of ${known.join(", ")}, separated by commas`;
    context.addIssue({ code: "custom", message, params: { rule: "one_of" } });
  })
  .register(vocabulary, {
    description: `Some of ${ORDER_STATUSES.join(", ")}, separated by commas; all when absent.`,
    examples: ["OPEN,PARTIAL"],
  })
  .transform((list) => list.split(",") as (typeof ORDER_STATUSES)[number][]);

export const orderQuery = z.strictObject({
  accountId: id("The key's own account when absent.").optional(),
  symbol: symbol.optional(),
  status: statuses.optional(),
  from: instant("Created at or after.").optional(),
  to: instant("Created before.").optional(),
  clientOrderId: clientOrderId.optional(),
  limit: count("Orders on a page.", 1, 500, 50),
  cursor: cursor.optional(),
});

export const cancelAllQuery = z.strictObject({
  accountId: id("The key's own account when absent.").optional(),
  symbol: symbol.optional(),
});
