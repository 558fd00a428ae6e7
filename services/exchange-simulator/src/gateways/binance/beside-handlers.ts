import type { VenueView } from "@tse/venue";
import type { Exchange } from "../../exchange.ts";
import { rateText } from "./commission.ts";
import type { Handlers } from "./handler.ts";
import { amountText } from "./numbers.ts";
import { instrumentCalled, symbolOf } from "./symbols.ts";

/** Assets that are money of a state: clients show them as such. */
const LEGAL_MONEY: ReadonlySet<string> = new Set(["USD", "EUR", "GBP", "JPY", "CHF"]);

type BesideEndpoint =
  | "systemStatus"
  | "coins"
  | "tradeFee"
  | "marginPairs"
  | "isolatedMarginPairs"
  | "linearFutures"
  | "inverseFutures";

/** A spot exchange without deposits from chains, margin or futures, as ccxt asks for them. */
export function besideHandlers(exchange: Exchange): Handlers<BesideEndpoint> {
  const { venue } = exchange;
  return {
    systemStatus: () => ({ status: 0, msg: "normal" }),
    async coins({ caller: { account } }) {
      const coins = venue.assets().map(({ id, asset }) => {
        const { available, locked } = venue.balance(account.number, id);
        return {
          ...coin(asset),
          free: amountText(available),
          locked: amountText(locked),
        };
      });
      await exchange.durable();
      return coins;
    },
    async tradeFee({ values: { symbol }, caller: { account } }) {
      const instruments =
        symbol === undefined ? venue.instruments() : [instrumentCalled(venue, symbol)];
      const fees = instruments.map((each) => ({
        symbol: symbolOf(each),
        ...commissionTexts(venue.fees(account.number, each.id)),
      }));
      await exchange.durable();
      return fees;
    },
    marginPairs: () => [],
    isolatedMarginPairs: () => [],
    linearFutures: () => ({ symbols: [] }),
    inverseFutures: () => ({ symbols: [] }),
  };
}

function coin(asset: string): object {
  return {
    coin: asset,
    name: asset,
    depositAllEnable: true,
    withdrawAllEnable: true,
    trading: true,
    isLegalMoney: LEGAL_MONEY.has(asset),
    networkList: [],
  };
}

function commissionTexts({ maker, taker }: ReturnType<VenueView["fees"]>): object {
  return { makerCommission: rateText(maker), takerCommission: rateText(taker) };
}
