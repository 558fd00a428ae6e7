/** An account of a new world and what it starts with, in decimal units of each asset. */
export interface AccountTerms {
  readonly userId: string;
  readonly name: string;
  readonly funds: Readonly<Record<string, string>>;
  readonly subAccounts: readonly Omit<AccountTerms, "subAccounts">[];
}

/** What a newcomer trades with; its key is printed at the start. */
export const DEMO: AccountTerms = {
  userId: "demo",
  name: "demo",
  funds: { BTC: "10", ETH: "100", USD: "1000000", USDT: "1000000" },
  subAccounts: [],
};

/** A firm with three strategies, to look at. */
export const TRADING_FIRM: AccountTerms = {
  userId: "trading-firm-001",
  name: "trading-firm-001",
  funds: {},
  subAccounts: [
    {
      userId: "trading-firm-001",
      name: "strategy-arbitrage",
      funds: { BTC: "1.5", USD: "50000", USDT: "25000" },
    },
    {
      userId: "trading-firm-001",
      name: "strategy-momentum",
      funds: { ETH: "100", USD: "75000" },
    },
    { userId: "trading-firm-001", name: "risk-reserve", funds: { USD: "100000" } },
  ],
};
