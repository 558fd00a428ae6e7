import {
  type Account,
  type AccountNumber,
  type Balance,
  type InstrumentId,
  type OrderSeq,
  RATE_ONE,
  type Timestamp,
  timestamp,
} from "@tse/domain";
import type { FeeRates, VenueView } from "@tse/venue";
import type { Exchange } from "../../exchange.ts";
import type { OrderRecords } from "../../records/order-records.ts";
import type { Fill } from "../../views/order-record.ts";
import { rateText } from "./commission.ts";
import type { ENDPOINTS } from "./endpoints.ts";
import { refused } from "./failures.ts";
import type { Call, Handlers } from "./handler.ts";
import { amountText, milliseconds } from "./numbers.ts";
import { fillReply } from "./order-replies.ts";
import type { Values } from "./parameters.ts";
import { instrumentCalled } from "./symbols.ts";

export interface AccountDeps {
  readonly exchange: Exchange;
  readonly records: { readonly orders: Pick<OrderRecords, "fills" | "order"> };
}

const DEFAULT_LIMIT = 500;

/** The caller's money and trades. */
export function accountHandlers(deps: AccountDeps): Handlers<"account" | "myTrades"> {
  return {
    account: (call) => showAccount(deps, call),
    myTrades: (call) => listTrades(deps, call),
  };
}

async function showAccount(
  { exchange }: AccountDeps,
  { values, caller: { account } }: Call<typeof ENDPOINTS.account>,
): Promise<object> {
  const { venue } = exchange;
  const balances = venue.assets().map(({ id }) => venue.balance(account.number, id));
  const shown = values.omitZeroBalances === true ? balances.filter(isSome) : balances;
  const reply = {
    ...commissions(ratesOf(venue, account)),
    canTrade: account.status === "active",
    canWithdraw: account.status === "active",
    canDeposit: account.status !== "closed",
    brokered: false,
    requireSelfTradePrevention: false,
    preventSor: false,
    updateTime: milliseconds(newest(account, balances)),
    accountType: "SPOT",
    balances: shown.map(({ asset, available, locked }) => ({
      asset: venue.assetName(asset),
      free: amountText(available),
      locked: amountText(locked),
    })),
    permissions: ["SPOT"],
    uid: account.number,
  };
  await exchange.durable();
  return reply;
}

function newest(account: Account, balances: readonly Balance[]): Timestamp {
  return timestamp(Math.max(account.updatedAt, ...balances.map(({ updatedAt }) => updatedAt)));
}

const isSome = ({ available, locked }: Balance): boolean => available > 0n || locked > 0n;

/** The dialect knows one pair of rates an account: those of the first instrument. */
function ratesOf(venue: VenueView, account: Account): FeeRates {
  const [first] = venue.instruments();
  return first === undefined ? { maker: 0, taker: 0 } : venue.fees(account.number, first.id);
}

function commissions({ maker, taker }: FeeRates): object {
  const basisPoints = (rate: number): number => Math.round(rate / (RATE_ONE / 10_000));
  return {
    makerCommission: basisPoints(maker),
    takerCommission: basisPoints(taker),
    buyerCommission: 0,
    sellerCommission: 0,
    commissionRates: {
      maker: rateText(maker),
      taker: rateText(taker),
      buyer: rateText(0),
      seller: rateText(0),
    },
  };
}

type TradeQuery = Values<typeof ENDPOINTS.myTrades.parameters>;

async function listTrades(
  { exchange, records }: AccountDeps,
  call: Call<typeof ENDPOINTS.myTrades>,
): Promise<readonly object[]> {
  const { venue } = exchange;
  const { values } = call;
  const instrument = instrumentCalled(venue, values.symbol);
  checkCombination(values);
  const account = call.caller.account.number;
  const of = { account, instrument: instrument.id };
  const fills =
    values.orderId === undefined
      ? await fillsInTime(of, values, records)
      : await fillsOfOrder(of, values.orderId, values, records);
  return fills.map((fill) => fillReply(fill, instrument, venue));
}

interface Owned {
  readonly account: AccountNumber;
  readonly instrument: InstrumentId;
}

/** From an id or a start on the oldest, else the newest: always oldest first. */
async function fillsInTime(
  { account, instrument }: Owned,
  { fromId, startTime, endTime, limit = DEFAULT_LIMIT }: TradeQuery,
  { orders }: AccountDeps["records"],
): Promise<readonly Fill[]> {
  const to = endTime === undefined ? undefined : timestamp(endTime + 1);
  const isFromStart = fromId !== undefined || startTime !== undefined;
  const after = fromId === undefined ? -1 : 2 * fromId - 1;
  const part = await orders.fills(
    { account, instrument, from: startTime, to },
    {
      after,
      before: Number.POSITIVE_INFINITY,
      from: isFromStart ? "oldest" : "newest",
      limit,
    },
  );
  return isFromStart ? part.items : part.items.toReversed();
}

/** An order has few of them. */
async function fillsOfOrder(
  { account, instrument }: Owned,
  orderId: number,
  { fromId, limit = DEFAULT_LIMIT }: TradeQuery,
  { orders }: AccountDeps["records"],
): Promise<readonly Fill[]> {
  const order = await orders.order(orderId as OrderSeq);
  if (order?.account !== account || order.instrument !== instrument) return [];
  if (fromId === undefined) return order.fills.slice(-limit);
  return order.fills.filter(({ tradeSeq }) => tradeSeq >= fromId).slice(0, limit);
}

/** By order, by id, by time, or by order from an id on. */
function checkCombination({ orderId, fromId, startTime, endTime }: TradeQuery): void {
  const isTimed = startTime !== undefined || endTime !== undefined;
  if (isTimed && (orderId !== undefined || fromId !== undefined)) throw refused("combination");
}
