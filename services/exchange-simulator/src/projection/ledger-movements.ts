import {
  type AccountNumber,
  type Amount,
  type AssetId,
  amount,
  entityId,
  opposite,
  type Timestamp,
  type Trade,
  type TransferCompleted,
} from "@tse/domain";
import type { VenueView } from "@tse/venue";
import { fillId } from "../views/order-record.ts";

/** What an event moved of one account's total. `account: undefined` is the outside world. */
export interface Movement {
  readonly account: AccountNumber | undefined;
  readonly asset: AssetId;
  readonly amount: Amount;
  readonly reason: "PRINCIPAL" | "FEE";
  /** Id of the fill or transfer that moved it. */
  readonly reference: string | undefined;
}

/** The venue's own account, which fees go to. */
export const VENUE_ACCOUNT = 0 as AccountNumber;

/**
 * The movements of one match, both sides and the fees; they sum to zero in each asset. Each side's
 * stand in the order of its statement: paid, received, fee.
 */
export function tradeMovements(
  trade: Trade,
  time: Timestamp,
  venue: Pick<VenueView, "instrument">,
): readonly Movement[] {
  const { base, quote, minorPerLot } = venue.instrument(trade.instrument);
  const quantity = amount(BigInt(trade.quantity) * BigInt(minorPerLot));
  const sides = [
    { account: trade.takerAccount, side: trade.takerSide, fee: trade.takerFee, liquidity: "taker" },
    {
      account: trade.makerAccount,
      side: opposite(trade.takerSide),
      fee: trade.makerFee,
      liquidity: "maker",
    },
  ] as const;
  return sides.flatMap(({ account, side, fee, liquidity }) => {
    const reference = fillId(trade.tradeSeq, liquidity, time);
    const [received, paid] = side === "buy" ? [base, quote] : [quote, base];
    const [gain, cost] = side === "buy" ? [quantity, trade.notional] : [trade.notional, quantity];
    const principal: readonly Movement[] = [
      { account, asset: paid, amount: negated(cost), reason: "PRINCIPAL", reference },
      { account, asset: received, amount: gain, reason: "PRINCIPAL", reference },
    ];
    if (fee === 0n) return principal;
    const of = { asset: received, reason: "FEE", reference } as const;
    return [
      ...principal,
      { ...of, account, amount: negated(fee) },
      { ...of, account: VENUE_ACCOUNT, amount: fee },
    ];
  });
}

/** The two movements of a deposit, a withdrawal or a transfer. */
export function transferMovements(event: TransferCompleted, time: Timestamp): Movement[] {
  const { from, to, asset, amount: moved } = event;
  const reference = entityId("transfer", time, event.transferSeq);
  const of = { asset, reason: "PRINCIPAL", reference } as const;
  return [
    { ...of, account: from, amount: negated(moved) },
    { ...of, account: to, amount: moved },
  ];
}

function negated(value: Amount): Amount {
  return amount(-value);
}
