/** The part of the library that the tests use; it has no types of its own. */
declare module "@binance/connector" {
  type Options = Readonly<Record<string, unknown>>;

  interface Answer {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    // biome-ignore lint/suspicious/noExplicitAny: the library hands JSON through as it came
    readonly data: any;
  }

  export class Spot {
    constructor(key: string, secret: string, options: { readonly baseURL: string });

    ping(): Promise<Answer>;
    time(): Promise<Answer>;
    exchangeInfo(options?: Options): Promise<Answer>;
    depth(symbol: string, options?: Options): Promise<Answer>;
    trades(symbol: string, options?: Options): Promise<Answer>;
    aggTrades(symbol: string, options?: Options): Promise<Answer>;
    klines(symbol: string, interval: string, options?: Options): Promise<Answer>;
    uiklines(symbol: string, interval: string, options?: Options): Promise<Answer>;
    avgPrice(symbol: string): Promise<Answer>;
    ticker24hr(symbol?: string, symbols?: readonly string[], type?: string): Promise<Answer>;
    tickerPrice(symbol?: string, symbols?: readonly string[]): Promise<Answer>;
    bookTicker(symbol?: string, symbols?: readonly string[]): Promise<Answer>;

    account(options?: Options): Promise<Answer>;
    newOrder(symbol: string, side: string, type: string, options?: Options): Promise<Answer>;
    newOrderTest(symbol: string, side: string, type: string, options?: Options): Promise<Answer>;
    getOrder(symbol: string, options?: Options): Promise<Answer>;
    cancelOrder(symbol: string, options?: Options): Promise<Answer>;
    openOrders(options?: Options): Promise<Answer>;
    cancelOpenOrders(symbol: string): Promise<Answer>;
    allOrders(symbol: string, options?: Options): Promise<Answer>;
    myTrades(symbol: string, options?: Options): Promise<Answer>;
  }
}
