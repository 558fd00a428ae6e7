import {
  type AccountNumber,
  amount,
  type Lots,
  lots,
  type PlaceOrder,
  parseAmount,
  type Side,
  type Ticks,
  type Trade,
  ticks,
} from "@tse/domain";
import type { Unit } from "../../src/exchange.ts";
import { instrumentOf, type RunningWorld } from "./running-world.ts";

const CLIENT_ORIGIN = { actor: "client", correlationId: "" };

/** Opens a customer's account with plenty of every asset. */
export async function openClient({ exchange, venue }: RunningWorld): Promise<AccountNumber> {
  const { events } = await exchange.submit(
    {
      kind: "create_account",
      userId: "client",
      type: "spot",
      role: "customer",
      parent: undefined,
      name: "",
      feeTier: "standard",
      metadata: "",
      key: undefined,
    },
    CLIENT_ORIGIN,
  );
  const created = events.find((event) => event.kind === "account_created");
  const account = created?.account.number as AccountNumber;
  for (const { id } of venue.assets()) {
    const command = {
      kind: "deposit",
      account,
      asset: id,
      amount: parseAmount("100000000") ?? amount(0n),
      externalId: "",
      reason: "test",
    } as const;
    await exchange.submit(command, CLIENT_ORIGIN);
  }
  return account;
}

export interface ClientOrder {
  readonly account: AccountNumber;
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: number;
  /** A market order when absent. */
  readonly limit?: Ticks;
}

export function send(world: RunningWorld, order: ClientOrder): Promise<Unit> {
  const { limit } = order;
  const command: PlaceOrder = {
    kind: "place_order",
    account: order.account,
    instrument: instrumentOf(world, order.symbol).id,
    side: order.side,
    type: limit === undefined ? "market" : "limit",
    limit: limit ?? ticks(0),
    quantity: lots(order.quantity),
    quoteQuantity: amount(0n),
    timeInForce: limit === undefined ? "ioc" : "gtc",
    postOnly: false,
    selfTradePrevention: "expire_maker",
    clientOrderId: "",
    fault: undefined,
  };
  return world.exchange.submit(command, CLIENT_ORIGIN);
}

export function tradesOf({ events }: Unit): readonly Trade[] {
  return events.filter((event) => event.kind === "trade");
}

export function filled(unit: Unit): Lots {
  return lots(tradesOf(unit).reduce((sum, { quantity }) => sum + quantity, 0));
}
