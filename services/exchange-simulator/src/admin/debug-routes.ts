import {
  entityId,
  type Instrument,
  type LiveOrder,
  type Side,
  type Ticks,
  type Timestamp,
  textOf,
} from "@tse/domain";
import { type ControllableClock, formatTime, type HttpHost } from "@tse/service-kit";
import { count } from "@tse/service-kit/schema";
import { z } from "zod";
import type { OrderEntry } from "../entry.ts";
import type { Exchange } from "../exchange.ts";
import { pageOf } from "../gateways/native/pages.ts";
import { renderAccount } from "../gateways/native/render/accounts.ts";
import { renderBalance } from "../gateways/native/render/funds.ts";
import { renderTrade } from "../gateways/native/render/markets.ts";
import { instrumentNamed } from "../gateways/native/routes/market-routes.ts";
import { accountPage } from "../gateways/native/wire/accounts.ts";
import { symbolPath } from "../gateways/native/wire/markets.ts";
import { symbol } from "../gateways/native/wire/scalars.ts";
import { toWire } from "../gateways/native/wire/words.ts";
import type { Streams } from "../streams/streams.ts";
import type { Tape } from "../views/tape.ts";

/** What the simulated participants say of themselves, by instrument. */
export interface ParticipantState {
  readonly symbol: string;
  /** The feed's last price, and when it came. */
  readonly price: Ticks | undefined;
  readonly pricedAt: Timestamp | undefined;
}

export interface DebugDeps {
  readonly exchange: Exchange;
  readonly clock: Pick<ControllableClock, "state">;
  readonly tape: Pick<Tape, "recent">;
  readonly entry: Pick<OrderEntry, "waiting">;
  readonly streams: Pick<Streams, "connections" | "followers">;
  readonly participants: () => readonly ParticipantState[];
}

const tags = ["Debug"];
const bookQuery = z.strictObject({ limit: count("Orders of a side.", 1, 100_000, 1_000) });
const tradeQuery = z.strictObject({
  symbol: symbol.optional(),
  limit: count("Newest trades of each instrument.", 1, 10_000, 100),
});

/** The inside of the venue, for who looks for a fault in it. */
export function debugRoutes(app: HttpHost, deps: DebugDeps): void {
  showBooks(app, deps);
  listAccounts(app, deps);
  listTrades(app, deps);
  showInnards(app, deps);
}

function showBooks(app: HttpHost, { exchange }: DebugDeps): void {
  const { venue } = exchange;
  app.get(
    "/debug/orderbooks",
    { schema: { tags, querystring: bookQuery } },
    async ({ query: { limit } }) => {
      const orderbooks = venue.instruments().map((each) => renderQueues(each, exchange, limit));
      await exchange.durable();
      return { orderbooks };
    },
  );
  app.get(
    "/debug/orderbooks/:symbol",
    { schema: { tags, params: symbolPath, querystring: bookQuery } },
    async ({ params, query: { limit } }) => {
      const orderbook = renderQueues(instrumentNamed(params.symbol, exchange), exchange, limit);
      await exchange.durable();
      return { orderbook };
    },
  );
}

function listAccounts(app: HttpHost, { exchange }: DebugDeps): void {
  const { venue } = exchange;
  app.get("/debug/accounts", { schema: { tags, querystring: accountPage } }, async ({ query }) => {
    const page = pageOf("account", venue.accounts(), ({ number }) => number, query);
    const accounts = page.items.map((account) => ({
      number: account.number,
      ...renderAccount(account, venue),
      role: toWire(account.role),
      liveOrders: venue.liveOrders(account.number).length,
      balances: venue.balances(account.number).map((each) => renderBalance(each, venue)),
    }));
    await exchange.durable();
    return { accounts, nextCursor: page.nextCursor };
  });
}

function listTrades(app: HttpHost, { exchange, tape }: DebugDeps): void {
  const { venue } = exchange;
  app.get(
    "/debug/trade-history",
    { schema: { tags, querystring: tradeQuery } },
    async ({ query: { symbol: named, limit } }) => {
      const instruments =
        named === undefined ? venue.instruments() : [instrumentNamed(named, exchange)];
      const trades = instruments.flatMap((instrument) =>
        tape.recent(instrument.id, limit).map((trade) => ({
          symbol: instrument.symbol,
          ...renderTrade(trade, instrument),
          takerOrderSeq: trade.takerOrder,
          makerOrderSeq: trade.makerOrder,
        })),
      );
      return { trades: trades.sort((one, other) => other.tradeSeq - one.tradeSeq) };
    },
  );
}

function showInnards(app: HttpHost, deps: DebugDeps): void {
  const { exchange, clock, entry, streams } = deps;
  app.get("/debug/participants", { schema: { tags } }, async () => ({
    participants: deps.participants().map((state) => ({
      ...state,
      price: priceText(state, exchange),
      pricedAt: state.pricedAt === undefined ? null : formatTime(state.pricedAt),
    })),
  }));
  app.get("/debug/queues", { schema: { tags } }, async () => ({
    sequence: exchange.venue.sequence,
    heldCommands: entry.waiting,
    pendingTimers: clock.state().pendingTimers,
    streams: {
      connections: streams.connections,
      followers: Object.fromEntries(streams.followers),
    },
  }));
}

function priceText({ symbol: name, price }: ParticipantState, { venue }: Exchange): string | null {
  const instrument = venue.instrumentNamed(name);
  return price === undefined || instrument === undefined
    ? null
    : textOf(price, instrument.tickSize);
}

/** A book order by order, as they would fill. */
function renderQueues(instrument: Instrument, { venue }: Exchange, limit: number) {
  const side = (which: Side) =>
    venue
      .queue(instrument.id, which)
      .slice(0, limit)
      .map((order, index) => renderOrder(order, instrument, index + 1, venue));
  return {
    symbol: instrument.symbol,
    sequence: venue.bookSequence(instrument.id),
    bids: side("buy"),
    asks: side("sell"),
  };
}

/** @param priority 1 fills first */
function renderOrder(
  order: LiveOrder,
  { tickSize, lotSize }: Instrument,
  priority: number,
  venue: Exchange["venue"],
) {
  const owner = venue.account(order.account);
  return {
    priority,
    orderId: entityId("order", order.createdAt, order.orderSeq),
    orderSeq: order.orderSeq,
    accountId: owner?.id ?? null,
    role: owner === undefined ? null : toWire(owner.role),
    price: textOf(order.limit, tickSize),
    quantity: textOf(order.quantity, lotSize),
    open: textOf(order.open, lotSize),
    clientOrderId: order.clientOrderId === "" ? null : order.clientOrderId,
    createdAt: formatTime(order.createdAt),
  };
}
