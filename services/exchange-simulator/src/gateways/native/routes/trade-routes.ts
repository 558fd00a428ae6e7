import type { HttpHost } from "@tse/service-kit";
import type { FastifyRequest } from "fastify";
import type { z } from "zod";
import type { Exchange } from "../../../exchange.ts";
import type { OrderRecords } from "../../../records/order-records.ts";
import { fillNumber } from "../../../views/order-record.ts";
import { accountOf } from "../access.ts";
import { pageOfPast } from "../pages.ts";
import { renderFill } from "../render/orders.ts";
import { accountId } from "../wire/accounts.ts";
import { accountFillQuery, fillList, fillQuery } from "../wire/funds.ts";
import { refusals } from "../wire/problem.ts";
import { instrumentNamed } from "./market-routes.ts";

interface TradeDeps {
  readonly exchange: Exchange;
  readonly records: { readonly orders: Pick<OrderRecords, "fills"> };
}

/** An account's own fills: under its own path, and for the key's account without one. */
export function tradeRoutes(app: HttpHost, deps: TradeDeps): void {
  const described = { tags: ["Orders"], summary: "Own fills, newest first" };
  const response = { 200: fillList, ...refusals(401, 403, 404, 503) };
  const config = { scope: "read" } as const;

  app.get(
    "/trades",
    { config, schema: { ...described, querystring: fillQuery, response } },
    async (request) => fillsOf(request, request.query.accountId, request.query, deps),
  );
  app.get(
    "/accounts/:accountId/trades",
    {
      config,
      schema: { ...described, params: accountId, querystring: accountFillQuery, response },
    },
    async (request) => fillsOf(request, request.params.accountId, request.query, deps),
  );
}

async function fillsOf(
  request: FastifyRequest,
  accountId: string | undefined,
  query: z.output<typeof accountFillQuery>,
  { exchange, records }: TradeDeps,
): Promise<z.output<typeof fillList>> {
  const { venue } = exchange;
  const { number: account } = accountOf(request, accountId, venue);
  const instrument =
    query.symbol === undefined ? undefined : instrumentNamed(query.symbol, exchange).id;
  const page = await pageOfPast(
    "fill",
    (window) => records.orders.fills({ account, instrument }, window),
    (fill) => fillNumber(fill),
    query,
  );
  return {
    trades: page.items.map((fill) => renderFill(fill, venue)),
    nextCursor: page.nextCursor,
  };
}
