import type { ExchangeDataAdapter } from "@tse/exchange-data-adapter";
import { quantile } from "./quantile.ts";

export interface OperationResult {
  readonly operation: string;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Milliseconds that none should need. */
  readonly goal: number;
}

export interface SingleResult {
  readonly operations: readonly OperationResult[];
  readonly operationsPerSecond: number;
}

const TIMES = 100;
const MIXED = 1000;

/** Times operations one by one, and a thousand of them together. */
export async function measureSingle(adapter: ExchangeDataAdapter): Promise<SingleResult> {
  const { accountRepository, balanceRepository, orderRepository } = adapter;
  const account = await accountRepository.create({ userId: "single", accountType: "SPOT" });
  const { accountId } = account;
  const given = {
    accountId,
    symbol: "ETH/USD",
    orderType: "LIMIT",
    side: "BUY",
    quantity: 100n,
    price: 1n,
  } as const;
  let orderSeq = 10 ** 9;
  const place = () => orderRepository.create({ ...given, orderSeq: orderSeq++ });
  const order = await place();
  const ten = await Promise.all(Array.from({ length: 10 }, place));
  const operations = [
    await timed("create an order", 100, place),
    await timed("read an order", 100, () => orderRepository.getById(order.orderId)),
    await timed("fill an order", 100, () => orderRepository.updateFilled(order.orderId, 1n, 1n)),
    await timed("add to a balance", 100, () =>
      balanceRepository.atomicUpdate(accountId, "ETH", 1n, 0n),
    ),
    await timed("query a page", 100, () => orderRepository.query({ accountId, limit: 20 })),
    await timed("create ten orders", 500, () =>
      adapter.transaction(async (within) => {
        for (let i = 0; i < 10; i++)
          await within.orderRepository.create({ ...given, orderSeq: orderSeq++ });
      }),
    ),
    await timed("save ten orders", 500, () => orderRepository.saveMany(ten)),
  ];
  const begun = performance.now();
  for (let i = 0; i < MIXED / 2; i++) {
    await place();
    await balanceRepository.atomicUpdate(accountId, "ETH", 1n, 0n);
  }
  const seconds = (performance.now() - begun) / 1000;
  return { operations, operationsPerSecond: MIXED / seconds };
}

async function timed(
  operation: string,
  goal: number,
  work: () => Promise<unknown>,
): Promise<OperationResult> {
  const times = new Float64Array(TIMES);
  for (let i = 0; i < TIMES; i++) {
    const begun = performance.now();
    await work();
    times[i] = performance.now() - begun;
  }
  times.sort();
  return { operation, p50: quantile(times, 0.5), p99: quantile(times, 0.99), goal };
}
