import { type AccountNumber, type Clock, duration } from "@tse/domain";
import { refusedFor } from "./failures.ts";
import { WindowCounter } from "./window-counter.ts";

/** Most that one address or account may ask for. */
export interface BinanceLimits {
  readonly requestWeightPerMinute: number;
  readonly rawRequestsPer5Minutes: number;
  readonly ordersPer10Seconds: number;
  readonly ordersPerDay: number;
}

export const DEFAULT_LIMITS: BinanceLimits = {
  requestWeightPerMinute: 6_000,
  rawRequestsPer5Minutes: 300_000,
  ordersPer10Seconds: 100,
  ordersPerDay: 200_000,
};

const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;

/** How far an account's count of unfilled orders falls when one of them is filled for the first time. */
const TAKER_RELIEF = 1;
const MAKER_RELIEF = 5;

type Headers = Readonly<Record<string, string>>;

/**
 * Counts request weight and requests by address, and unfilled orders by account, in windows of world
 * time, and refuses what is above the limits. Without limits it only counts, for the headers.
 */
export class Limits {
  readonly #limits: BinanceLimits | undefined;
  readonly #weight: WindowCounter<string>;
  readonly #requests: WindowCounter<string>;
  readonly #orders: WindowCounter<AccountNumber>;
  readonly #ordersOfDay: WindowCounter<AccountNumber>;

  constructor(clock: Clock, limits: BinanceLimits | undefined) {
    this.#limits = limits;
    this.#weight = new WindowCounter(clock, duration(MINUTE));
    this.#requests = new WindowCounter(clock, duration(5 * MINUTE));
    this.#orders = new WindowCounter(clock, duration(10 * SECOND));
    this.#ordersOfDay = new WindowCounter(clock, duration(24 * 60 * MINUTE));
  }

  /** Counts a request. What is refused costs no weight. */
  takeWeight(address: string, weight: number): void {
    const { requestWeightPerMinute, rawRequestsPer5Minutes } = this.#limits ?? UNLIMITED;
    if (this.#requests.used(address) >= rawRequestsPer5Minutes) {
      throw refusedFor(this.#requests.secondsLeft, "too_many_requests");
    }
    if (this.#weight.used(address) + weight > requestWeightPerMinute) {
      const { secondsLeft } = this.#weight;
      throw refusedFor(secondsLeft, "too_much_weight", requestWeightPerMinute, "1 MINUTE");
    }
    this.#requests.add(address, 1);
    this.#weight.add(address, weight);
  }

  returnWeight(address: string, weight: number): void {
    this.#weight.add(address, -weight);
  }

  weightHeaders(address: string): Headers {
    const used = String(this.#weight.used(address));
    return { "X-MBX-USED-WEIGHT": used, "X-MBX-USED-WEIGHT-1M": used };
  }

  /** Throws when the account has too many unfilled orders to place another. */
  admitOrder(account: AccountNumber): void {
    const { ordersPer10Seconds, ordersPerDay } = this.#limits ?? UNLIMITED;
    if (this.#orders.used(account) >= ordersPer10Seconds) {
      throw refusedFor(
        this.#orders.secondsLeft,
        "too_many_orders",
        ordersPer10Seconds,
        "10 SECOND",
      );
    }
    if (this.#ordersOfDay.used(account) >= ordersPerDay) {
      throw refusedFor(this.#ordersOfDay.secondsLeft, "too_many_orders", ordersPerDay, "1 DAY");
    }
  }

  /** An order was taken; one that filled at once, even in part, doesn't count as unfilled. */
  countOrder(account: AccountNumber, isFilled: boolean): void {
    this.#add(account, isFilled ? 1 - TAKER_RELIEF : 1);
  }

  /** A resting order of the account was filled for the first time. */
  countMaker(account: AccountNumber): void {
    if (this.#ordersOfDay.used(account) > 0) this.#add(account, -MAKER_RELIEF);
  }

  orderHeaders(account: AccountNumber): Headers {
    return {
      "X-MBX-ORDER-COUNT-10S": String(this.#orders.used(account)),
      "X-MBX-ORDER-COUNT-1D": String(this.#ordersOfDay.used(account)),
    };
  }

  /** As `exchangeInfo` tells them; none when there are none. */
  describe(): readonly object[] {
    if (this.#limits === undefined) return [];
    const row = (rateLimitType: string, interval: string, intervalNum: number, limit: number) => ({
      rateLimitType,
      interval,
      intervalNum,
      limit,
    });
    return [
      row("REQUEST_WEIGHT", "MINUTE", 1, this.#limits.requestWeightPerMinute),
      row("ORDERS", "SECOND", 10, this.#limits.ordersPer10Seconds),
      row("ORDERS", "DAY", 1, this.#limits.ordersPerDay),
      row("RAW_REQUESTS", "MINUTE", 5, this.#limits.rawRequestsPer5Minutes),
    ];
  }

  #add(account: AccountNumber, orders: number): void {
    this.#orders.add(account, orders);
    this.#ordersOfDay.add(account, orders);
  }
}

const UNLIMITED: BinanceLimits = {
  requestWeightPerMinute: Number.POSITIVE_INFINITY,
  rawRequestsPer5Minutes: Number.POSITIVE_INFINITY,
  ordersPer10Seconds: Number.POSITIVE_INFINITY,
  ordersPerDay: Number.POSITIVE_INFINITY,
};
