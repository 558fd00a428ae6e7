/** Which side of the market an order is on. */
export type Side = "buy" | "sell";

export function opposite(side: Side): Side {
  return side === "buy" ? "sell" : "buy";
}
