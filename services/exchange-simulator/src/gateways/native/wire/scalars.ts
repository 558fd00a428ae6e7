import { text, textSchema } from "@tse/service-kit/schema";

const CLIENT_ORDER_ID = "^[.A-Z:/a-z0-9_-]{1,36}$";

export const clientOrderId = textSchema(
  (value) =>
    new RegExp(CLIENT_ORDER_ID).test(value)
      ? undefined
      : { rule: "pattern", message: "has 1 to 36 characters of A-Z a-z 0-9 . : / _ -" },
  {
    description: "The client's own id, unique among the account's open orders.",
    pattern: CLIENT_ORDER_ID,
    examples: ["my-order-1"],
  },
);

/** Whether such an instrument exists is another question, with another answer. */
export const symbol = text("BASE/QUOTE; BASE-QUOTE and BASEQUOTE are understood as well.", 1, 32, [
  "BTC/USD",
]);

export const asset = text("An asset's name.", 1, 16, ["USD"]);
