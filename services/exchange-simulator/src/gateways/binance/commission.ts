import { formatDecimal } from "@tse/domain";
import type { FeeRates } from "@tse/venue";

const RATE_SCALE = 8;

/** What an order would be charged: the standard commission, and no other. */
export function orderCommission({ maker, taker }: FeeRates): object {
  const none = { maker: rateText(0), taker: rateText(0) };
  return {
    standardCommissionForOrder: { maker: rateText(maker), taker: rateText(taker) },
    specialCommissionForOrder: none,
    taxCommissionForOrder: none,
    discount: {
      enabledForAccount: false,
      enabledForSymbol: false,
      discountAsset: "",
      discount: rateText(0),
    },
  };
}

export const rateText = (rate: number): string => formatDecimal(rate, RATE_SCALE);
