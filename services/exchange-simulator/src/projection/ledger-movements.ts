import {
  type AccountNumber,
  type Amount,
  type AssetId,
  amount,
  opposite,
  type Trade,
  type TransferCompleted,
} from "@tse/domain";
import type { VenueView } from "@tse/venue";

/** What an event moved of one account's total. `account: undefined` is the outside world. */
export interface Movement {
  readonly account: AccountNumber | undefined;
  readonly asset: AssetId;
  readonly amount: Amount;
  readonly reason: "PRINCIPAL" | "FEE";
}

/** The venue's own account, which fees go to. */
export const VENUE_ACCOUNT = 0 as AccountNumber;

/**
 * The movements of one match, both sides and the fees; they sum to zero in each asset. Each side's
 * stand in the order of its statement: paid, received, fee.
 */
export function tradeMovements(trade: Trade, venue: VenueView): readonly Movement[] {
  const { base, quote, minorPerLot } = venue.instrument(trade.instrument);
  const quantity = amount(BigInt(trade.quantity) * BigInt(minorPerLot));
  const sides = [
    { account: trade.takerAccount, side: trade.takerSide, fee: trade.takerFee },
    { account: trade.makerAccount, side: opposite(trade.takerSide), fee: trade.makerFee },
  ];
  return sides.flatMap(({ account, side, fee }) => {
    const [received, paid] = side === "buy" ? [base, quote] : [quote, base];
    const [gain, cost] = side === "buy" ? [quantity, trade.notional] : [trade.notional, quantity];
    const principal: readonly Movement[] = [
      { account, asset: paid, amount: negated(cost), reason: "PRINCIPAL" },
      { account, asset: received, amount: gain, reason: "PRINCIPAL" },
    ];
    return fee === 0n ? principal : [...principal, ...feeMovements(account, received, fee)];
  });
}

/** The two movements of a deposit, a withdrawal or a transfer. */
export function transferMovements({
  from,
  to,
  asset,
  amount: moved,
}: TransferCompleted): Movement[] {
  return [
    { account: from, asset, amount: negated(moved), reason: "PRINCIPAL" },
    { account: to, asset, amount: moved, reason: "PRINCIPAL" },
  ];
}

function feeMovements(account: AccountNumber, asset: AssetId, fee: Amount): Movement[] {
  return [
    { account, asset, amount: negated(fee), reason: "FEE" },
    { account: VENUE_ACCOUNT, asset, amount: fee, reason: "FEE" },
  ];
}

function negated(value: Amount): Amount {
  return amount(-value);
}
