import { type Instrument, REJECT_CODES, type RejectCode, type Rejection } from "@tse/domain";
import type { z } from "zod";
import { explain } from "../problems.ts";
import type { orderTestReply } from "../wire/order-replies.ts";

/** Codes behind the last check of an order are of other commands. */
const LAST_CHECK: RejectCode = "insufficient_balance";
/** Asked when an order really comes; or only said by a fault. */
const NOT_CHECKED: ReadonlySet<RejectCode> = new Set(["rate_limited", "insufficient_liquidity"]);

const CHECKS = REJECT_CODES.slice(0, REJECT_CODES.indexOf(LAST_CHECK) + 1).filter(
  (code) => !NOT_CHECKED.has(code),
);

/** Every check of a new order in order of precedence, and how it ended. */
export function renderChecks(
  rejection: Rejection | undefined,
  instrument: Instrument,
): z.output<typeof orderTestReply>["checks"] {
  const failed = rejection === undefined ? CHECKS.length : CHECKS.indexOf(rejection.code);
  return CHECKS.map((check, index) => {
    if (index < failed) return { check, result: "PASSED", message: null };
    if (index > failed || rejection === undefined) {
      return { check, result: "NOT_RUN", message: null };
    }
    return { check, result: "FAILED", message: explain(rejection, instrument) };
  });
}
