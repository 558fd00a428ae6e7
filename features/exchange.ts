import { setTimeout as wait } from "node:timers/promises";
import type { MarketDataProcess } from "./price-feeds.ts";
import { type Line, TalkingProcess } from "./talking-process.ts";

interface Listening extends Line {
  readonly http: string;
  readonly admin: string;
}

/** One market as everybody sees it. */
export interface Book {
  readonly state: "live" | "stale";
  /** Levels of both sides. */
  readonly quotes: number;
  /** Half-way between the best of both sides. */
  readonly mid: number;
}

const SERVICE = "services/exchange-simulator/src/main.ts";
const ADMIN_TOKEN = "the-token-of-these-tests";
/** A price that is lost in between is subscribed to again after 5 s at most; a busy machine may take a while. */
const PATIENCE_MS = 20_000;
const POLL_MS = 50;
const OPERATOR = { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" };

/** An exchange whose clock stands still, as a process of its own, with makers who go by another process's prices. */
export class ExchangeProcess implements AsyncDisposable {
  readonly #process: TalkingProcess<Listening>;
  readonly #listening: Listening;

  static async start(market: MarketDataProcess): Promise<ExchangeProcess> {
    const process = new TalkingProcess<Listening>(SERVICE, ["--port", "0"], {
      ADMIN_TOKEN,
      PEER_MARKET_DATA_SIMULATOR: market.peer,
      PARTICIPANTS: "fixed-spread",
      CLOCK_MODE: "virtual",
      JOURNAL: "memory",
      STORE: "memory",
      LOG_LEVEL: "error",
    });
    await process.until((lines) => lines.length > 0);
    return new ExchangeProcess(process, process.lines[0]!);
  }

  private constructor(process: TalkingProcess<Listening>, listening: Listening) {
    this.#process = process;
    this.#listening = listening;
  }

  async advance(by: string): Promise<void> {
    const url = `${this.#listening.admin}/admin/clock/advance`;
    const request = { method: "POST", headers: OPERATOR, body: JSON.stringify({ by }) };
    const answer = await fetch(url, request);
    if (!answer.ok) throw new Error(await answer.text());
  }

  async book(symbol: string): Promise<Book> {
    const url = `${this.#listening.http}/api/v1/orderbook/${symbol.replace("/", "-")}`;
    const { marketDataState, bids, asks } = (await (await fetch(url)).json()) as Depth;
    const mid = (Number(bids[0]?.[0]) + Number(asks[0]?.[0])) / 2;
    return { state: marketDataState, quotes: bids.length + asks.length, mid };
  }

  /** Until the makers of a symbol know a price for which `fits` holds. @throws TimeoutError when that takes too long */
  async knows(symbol: string, fits: (price: number) => boolean): Promise<void> {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const url = `${this.#listening.admin}/debug/participants`;
      const answer = await fetch(url, { headers: OPERATOR, signal });
      const { participants } = (await answer.json()) as { participants: readonly Maker[] };
      const price = participants.find((each) => each.symbol === symbol)?.price ?? null;
      if (price !== null && fits(Number(price))) return;
      await wait(POLL_MS);
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#process.kill();
  }
}

type Level = readonly [price: string, quantity: string];

interface Depth {
  readonly marketDataState: Book["state"];
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

interface Maker {
  readonly symbol: string;
  readonly price: string | null;
}
