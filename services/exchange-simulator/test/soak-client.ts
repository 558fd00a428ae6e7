import { setTimeout as pause } from "node:timers/promises";
import type { Random } from "@tse/domain";
import { ADMIN_TOKEN, type Answer, call, type RunningService } from "./service/running.ts";

const SYMBOLS = ["BTC/USD", "ETH/USD", "BTC/USDT"] as const;
const FUNDS = { BTC: "5", ETH: "100", USD: "500000", USDT: "500000" } as const;
const SIZES = { "BTC/USD": "0.001", "ETH/USD": "0.02", "BTC/USDT": "0.001" } as const;

type SoakSymbol = (typeof SYMBOLS)[number];

interface Terms {
  readonly symbol: SoakSymbol;
  readonly side: "BUY" | "SELL";
  readonly orderType: "LIMIT" | "MARKET";
  readonly price?: string;
}

/** Between two requests of one client: 20 of them send some 250 a second. */
const PAUSE_MS = 80;

/** One account that trades over REST as a program would, by a seeded mixture of what clients do. */
export class SoakClient {
  /** How many answers there were of each status. */
  readonly answers = new Map<number, number>();
  readonly accountId: string;
  readonly #http: string;
  readonly #token: string;
  readonly #random: Random;

  private constructor(http: string, random: Random, answer: Answer) {
    const { account, apiKey } = answer.body;
    this.#http = http;
    this.#random = random;
    this.accountId = account.accountId;
    this.#token = `${apiKey.keyId}.${apiKey.secret}`;
  }

  /** Signs up without a key, and is funded by the operator. */
  static async open(world: RunningService, random: Random, userId: string): Promise<SoakClient> {
    const account = { userId, accountType: "SPOT" };
    const answer = await call(`${world.http}/api/v1/accounts`, "POST", undefined, account);
    const client = new SoakClient(world.http, random, answer);
    const deposits = `${world.admin}/admin/accounts/${client.accountId}/deposits`;
    for (const [asset, amount] of Object.entries(FUNDS)) {
      await call(deposits, "POST", ADMIN_TOKEN, { asset, amount });
    }
    return client;
  }

  /** Acts, waits a little, and again, until it is `enough`. */
  async tradeUntil(enough: () => boolean): Promise<void> {
    while (!enough()) {
      await this.#act();
      await pause(PAUSE_MS);
    }
  }

  async #act(): Promise<void> {
    const symbol = SYMBOLS[this.#random.integer(SYMBOLS.length)] ?? SYMBOLS[0];
    const side = this.#random.integer(2) === 0 ? "BUY" : "SELL";
    const kind = this.#random.next();
    if (kind < 0.55) await this.#order({ symbol, side, orderType: "MARKET" });
    else if (kind < 0.9) await this.#limit(symbol, side);
    else await this.#ask("DELETE", `/orders?accountId=${this.accountId}&symbol=${symbol}`);
  }

  /** Inside the makers' spread, where clients meet each other. */
  async #limit(symbol: SoakSymbol, side: Terms["side"]): Promise<void> {
    const book = await this.#ask("GET", `/orderbook/${symbol.replace("/", "-")}?depth=1`);
    const [bid, ask] = [Number(book.body.bids[0]?.[0]), Number(book.body.asks[0]?.[0])];
    const price = (bid + (ask - bid) * this.#random.next()).toFixed(2);
    await this.#order({ symbol, side, orderType: "LIMIT", price });
  }

  async #order(order: Terms): Promise<void> {
    const quantity = SIZES[order.symbol];
    await this.#ask("POST", "/orders", { accountId: this.accountId, quantity, ...order });
  }

  async #ask(method: string, path: string, body?: unknown): Promise<Answer> {
    const answer = await call(`${this.#http}/api/v1${path}`, method, this.#token, body);
    this.answers.set(answer.status, (this.answers.get(answer.status) ?? 0) + 1);
    return answer;
  }
}
