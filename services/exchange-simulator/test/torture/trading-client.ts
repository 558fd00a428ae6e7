import { performance } from "node:perf_hooks";
import { formatDecimal, type Random } from "@tse/domain";
import type { Attempt } from "./attempt.ts";
import type { Connection, Reply, Request } from "./connection.ts";
import { isFinished, type Order, type OrderReply } from "./wire.ts";

const FUNDS = { BTC: "5", ETH: "100", USD: "500000" } as const;
const MARKETS = {
  "BTC/USD": { price: 45_000, lots: 0.001, places: 3 },
  "ETH/USD": { price: 2_500, lots: 0.02, places: 2 },
} as const;
const SYMBOLS = ["BTC/USD", "ETH/USD"] as const;

/** Share of the price by which a limit order misses the touch. */
const REACH = 0.002;
/** Actions between two looks at the book. */
const LOOK_EVERY = 12;
/** Larger than any account can pay for. */
const TOO_MUCH = 15;
const UNAVAILABLE = 503;

/** How a client reaches the service. */
export interface Doors {
  readonly native: Connection;
  readonly admin: Connection;
}

/** Who a client is; the service made it, and the client keeps it. */
export interface Identity {
  readonly accountId: string;
  readonly savingsId: string;
  readonly token: string;
}

interface Touch {
  readonly bid: number;
  readonly ask: number;
}

/** One account that trades as fast as it is answered, by a seeded mixture of commands. */
export class TradingClient {
  readonly name: string;
  readonly identity: Identity;
  /** What was sent since the last `forget`. */
  attempts: Attempt[] = [];
  acknowledged = 0;
  inFlight = 0;
  /** Told of each answer: ms that it took. */
  onAnswer: (ms: number) => void = () => {};
  #doors: Doors | undefined;
  #random: Random | undefined;
  #sent = 0;
  #open = new Set<string>();
  readonly #touch = new Map<string, Touch>();

  private constructor(name: string, identity: Identity) {
    this.name = name;
    this.identity = identity;
  }

  /** Opens an account with a sub-account by the operator's hand, and funds it. */
  static async open(
    name: string,
    admin: Connection,
    connect: (token: string) => Connection,
  ): Promise<TradingClient> {
    const wanted = { userId: name, accountType: "SPOT" };
    const opened = await admin.ask<{
      readonly account: { readonly accountId: string };
      readonly apiKey: { readonly keyId: string; readonly secret: string };
    }>("POST", "/admin/accounts", wanted);
    const { accountId } = opened.account;
    const token = `${opened.apiKey.keyId}.${opened.apiKey.secret}`;
    for (const [asset, amount] of Object.entries(FUNDS)) {
      await admin.ask("POST", `/admin/accounts/${accountId}/deposits`, { asset, amount });
    }
    const native = connect(token);
    const sub = await native.ask<typeof opened>(
      "POST",
      `/api/v1/accounts/${accountId}/sub-accounts`,
      { name: "savings" },
    );
    native.close();
    return new TradingClient(name, { accountId, savingsId: sub.account.accountId, token });
  }

  /**
   * Acts again and again while it is told to go on. Ends as well when an answer fails to arrive.
   *
   * @returns why it ended, when not because it was told so
   */
  async trade(
    doors: Doors,
    random: Random,
    goesOn: () => boolean | Promise<boolean>,
  ): Promise<unknown> {
    this.#doors = doors;
    this.#random = random;
    try {
      for (let count = 0; await goesOn(); count++) {
        if (count % LOOK_EVERY === 0) await this.#look();
        await this.#act();
      }
      return undefined;
    } catch (error) {
      return error;
    }
  }

  /** Sends an attempt, once more or for the first time. */
  async send(attempt: Attempt, doors: Doors): Promise<Reply> {
    const door = attempt.action === "deposit" ? doors.admin : doors.native;
    const begin = performance.now();
    attempt.pending += 1;
    this.inFlight += 1;
    const reply = await door.send(attempt.request);
    this.inFlight -= 1;
    attempt.pending -= 1;
    if (reply.status === UNAVAILABLE) attempt.turnedAway += 1;
    else attempt.replies.push(reply);
    this.onAnswer(performance.now() - begin);
    if (reply.status < 300) this.acknowledged += 1;
    return reply;
  }

  /** Begins a new cycle: what was sent so far has been judged. */
  forget(): void {
    this.attempts = [];
  }

  get #chance(): Random {
    if (this.#random === undefined) throw new Error("a client trades by a stream of its own");
    return this.#random;
  }

  get #at(): Doors {
    if (this.#doors === undefined) throw new Error("a client trades through doors");
    return this.#doors;
  }

  /** Where prices are; an empty side is taken for where it was. */
  async #look(): Promise<void> {
    for (const symbol of SYMBOLS) {
      const path = `/api/v1/orderbook/${symbol.replace("/", "-")}?depth=1`;
      const book = await this.#at.native.ask<{
        readonly bids: readonly (readonly [string, string])[];
        readonly asks: readonly (readonly [string, string])[];
      }>("GET", path);
      const { price } = MARKETS[symbol];
      const known = this.#touch.get(symbol) ?? { bid: price, ask: price };
      const bid = Number(book.bids[0]?.[0] ?? known.bid);
      const ask = Number(book.asks[0]?.[0] ?? known.ask);
      this.#touch.set(symbol, { bid, ask });
    }
  }

  async #act(): Promise<void> {
    const dice = this.#chance.next();
    if (dice < 0.5) await this.#limit();
    else if (dice < 0.62) await this.#market();
    else if (dice < 0.76) await this.#cancel();
    else if (dice < 0.85) await this.#amend();
    else if (dice < 0.87) await this.#cancelAll();
    else if (dice < 0.94) await this.#deposit();
    else await this.#transfer();
  }

  async #limit(): Promise<void> {
    const symbol = this.#pick(SYMBOLS);
    const side = this.#pick(["BUY", "SELL"]);
    const isTooMuch = this.#chance.next() < 0.04;
    const quantity = isTooMuch ? String(TOO_MUCH) : this.#quantity(symbol);
    const price = this.#price(symbol, side);
    const timeInForce = this.#pick(["GTC", "GTC", "GTC", "GTC", "IOC", "FOK"]);
    await this.#place({ symbol, side, orderType: "LIMIT", quantity, price, timeInForce });
  }

  async #market(): Promise<void> {
    const symbol = this.#pick(SYMBOLS);
    const size =
      this.#chance.next() < 0.5
        ? { quantity: this.#quantity(symbol) }
        : { quoteQuantity: String(20 + this.#chance.integer(200)) };
    await this.#place({ symbol, side: this.#pick(["BUY", "SELL"]), orderType: "MARKET", ...size });
  }

  async #place(terms: object): Promise<void> {
    const name = this.#newName();
    const body = { accountId: this.identity.accountId, clientOrderId: name, ...terms };
    const isNamed = this.#chance.next() < 0.5;
    await this.#carryOut({
      action: "place",
      name,
      request: {
        method: "POST",
        path: "/api/v1/orders",
        body,
        ...(isNamed ? { idempotencyKey: `key-${name}` } : {}),
      },
    });
  }

  async #cancel(): Promise<void> {
    const target = this.#anOpenOrder();
    if (target === undefined) return await this.#limit();
    const request: Request = { method: "DELETE", path: `/api/v1/orders/${target}` };
    await this.#carryOut({ action: "cancel", name: this.#newName(), request, target });
  }

  async #amend(): Promise<void> {
    const target = this.#anOpenOrder();
    if (target === undefined) return await this.#limit();
    const symbol = this.#pick(SYMBOLS);
    const body =
      this.#chance.next() < 0.5
        ? { quantity: MARKETS[symbol].lots.toFixed(MARKETS[symbol].places) }
        : { price: this.#price(symbol, this.#pick(["BUY", "SELL"])) };
    const request: Request = { method: "PATCH", path: `/api/v1/orders/${target}`, body };
    await this.#carryOut({ action: "amend", name: this.#newName(), request, target });
  }

  async #cancelAll(): Promise<void> {
    const path = `/api/v1/orders?accountId=${this.identity.accountId}&symbol=ETH/USD`;
    const request: Request = { method: "DELETE", path };
    await this.#carryOut({ action: "cancel_all", name: this.#newName(), request });
  }

  async #deposit(): Promise<void> {
    const name = this.#newName();
    const asset = this.#pick(["USD", "BTC"]);
    const amount = formatDecimal(1 + this.#chance.integer(100_000_000), 8);
    const path = `/admin/accounts/${this.identity.accountId}/deposits`;
    const request: Request = { method: "POST", path, body: { asset, amount, externalId: name } };
    await this.#carryOut({ action: "deposit", name, request });
  }

  /** Its amount says which transfer it is. */
  async #transfer(): Promise<void> {
    const { accountId, savingsId: toAccountId } = this.identity;
    const key = this.#newName();
    const amount = formatDecimal(this.#sent, 8);
    const path = `/api/v1/accounts/${accountId}/transfers`;
    const body = { toAccountId, asset: "USD", amount };
    const request: Request = { method: "POST", path, body, idempotencyKey: `key-${key}` };
    await this.#carryOut({ action: "transfer", name: amount, request });
  }

  /** Records, sends, and what may be sent twice at times twice at once. */
  async #carryOut(command: Omit<Attempt, "replies" | "pending" | "turnedAway">): Promise<void> {
    const attempt: Attempt = { ...command, replies: [], pending: 0, turnedAway: 0 };
    this.attempts.push(attempt);
    const isRepeatable =
      attempt.action === "deposit" || attempt.request.idempotencyKey !== undefined;
    const times = isRepeatable && this.#chance.next() < 0.2 ? 2 : 1;
    const sent = Array.from({ length: times }, () => this.send(attempt, this.#at));
    for (const { status, text } of await Promise.all(sent)) {
      if (status < 300) this.#learn(attempt, text);
    }
  }

  #learn({ action }: Attempt, text: string): void {
    if (action === "place" || action === "cancel" || action === "amend") {
      const { order }: OrderReply = JSON.parse(text);
      if (order.replacesOrderId !== null) this.#open.delete(order.replacesOrderId);
      if (isFinished(order)) this.#open.delete(order.orderId);
      else this.#open.add(order.orderId);
    } else if (action === "cancel_all") {
      const { orders }: { orders: readonly Order[] } = JSON.parse(text);
      for (const { orderId } of orders) this.#open.delete(orderId);
    }
  }

  #anOpenOrder(): string | undefined {
    const open = [...this.#open];
    const chosen = open[this.#chance.integer(Math.max(1, open.length))];
    if (chosen !== undefined && open.length > 40) this.#open.delete(chosen);
    return chosen;
  }

  #newName(): string {
    this.#sent += 1;
    return `${this.name}-${this.#sent}`;
  }

  #quantity(symbol: keyof typeof MARKETS): string {
    const { lots, places } = MARKETS[symbol];
    return (lots * (1 + this.#chance.integer(4))).toFixed(places);
  }

  /** Around the touch; every second order or so crosses it. */
  #price(symbol: keyof typeof MARKETS, side: string): string {
    const { price } = MARKETS[symbol];
    const { bid, ask } = this.#touch.get(symbol) ?? { bid: price, ask: price };
    const away = (this.#chance.next() - 0.5) * REACH * price;
    return (side === "BUY" ? ask - away : bid + away).toFixed(2);
  }

  #pick<Item>(items: readonly Item[]): Item {
    return items[this.#chance.integer(items.length)] as Item;
  }
}
