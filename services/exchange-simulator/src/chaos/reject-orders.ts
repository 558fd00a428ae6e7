import type { RejectCode } from "@tse/domain";
import { z } from "zod";
import { BY_ACCOUNT, BY_SYMBOL, faultType, includes, number } from "./fault.ts";

/** Refusals that leave an order row behind: those a client can look up afterwards. */
const REASONS = [
  "instrument_halted",
  "account_suspended",
  "account_closed",
  "kyc_required",
  "price_tick",
  "lot_size",
  "min_size",
  "max_size",
  "min_notional",
  "max_order_size",
  "price_range",
  "would_take",
  "max_open_orders",
  "insufficient_liquidity",
  "insufficient_balance",
] as const satisfies readonly RejectCode[];

/** Refuses a share `rejection_rate` of the matching orders with `reason`; nothing is reserved. */
export const rejectOrders = faultType({
  settings: {
    rejection_rate: number(0, 1).default(0.2),
    reason: z.enum(REASONS).default("insufficient_liquidity"),
    ...BY_SYMBOL,
    ...BY_ACCOUNT,
  },
  effect({ rejection_rate, reason }, scope, chance) {
    return {
      orderFault(order) {
        if (!includes(scope.instruments, order.instrument)) return undefined;
        if (!includes(scope.accounts, order.account)) return undefined;
        return chance.next() < rejection_rate ? { kind: "reject", code: reason } : undefined;
      },
    };
  },
});
