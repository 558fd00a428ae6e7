import type { Account, Scope } from "@tse/domain";
import type { Production, Reply, RequestOptions } from "../support/production.ts";

/** An account, its key, and requests that carry it. */
export interface Client {
  readonly account: Account;
  readonly key: string;
  get(path: string): Promise<Reply>;
  post(path: string, body?: unknown, more?: RequestOptions): Promise<Reply>;
  patch(path: string, body: unknown): Promise<Reply>;
  delete(path: string): Promise<Reply>;
  /** Places an order for the account; a good-till-cancelled limit order unless `terms` say otherwise. */
  order(terms: Readonly<Record<string, unknown>>): Promise<Reply>;
}

/** A customer with `funds` in decimal units, and a key of those scopes. Paths are below `/api/v1`. */
export async function clientOf(
  production: Production,
  funds: Readonly<Record<string, string>> = {},
  scopes: readonly Scope[] = ["admin"],
): Promise<Client> {
  return clientFor(production, await production.open(funds), scopes);
}

/** Another key of an account that is there already. */
export async function clientFor(
  production: Production,
  account: Account,
  scopes: readonly Scope[] = ["admin"],
): Promise<Client> {
  const key = await production.keyOf(account, scopes);
  const send = (method: string, path: string, more: RequestOptions = {}) =>
    production.request(method, `/api/v1${path}`, { key, ...more });
  return {
    account,
    key,
    get: (path) => send("GET", path),
    post: (path, body, more) => send("POST", path, { ...more, body }),
    patch: (path, body) => send("PATCH", path, { body }),
    delete: (path) => send("DELETE", path),
    order: (terms) => {
      const usual = { accountId: account.id, symbol: "BTC/USD", side: "BUY", orderType: "LIMIT" };
      return send("POST", "/orders", { body: { ...usual, ...terms } });
    },
  };
}

/** A buy of 0.01 BTC at 44,000 USD, which is worth 440 USD. */
export const BUY = { side: "BUY", price: "44000", quantity: "0.01" };
export const SELL = { side: "SELL", price: "46000", quantity: "0.01" };
