import {
  type Account,
  type AccountNumber,
  type AssetId,
  amount,
  type Command,
  entityId,
  lots,
  MAX_AMOUNT,
  OFF_GRID,
  type PlaceOrder,
  type Random,
  ticks,
  timestamp,
} from "@tse/domain";
import { RandomCommands } from "@tse/simulation";
import type { VenueView } from "@tse/venue";

const ODD_TEXTS = [
  "\u0000",
  "\ud800",
  "\u{1f600}",
  "'; drop table orders; --",
  "\\u0000",
  "\u2028",
];
const ODD_JSON = [
  '{"a":"\\u0000","\\u0000":"\\ud800"}',
  '["\\udfff"]',
  "null",
  '{"deep":{"n":1e308,"__proto__":1}}',
  '"\\\\u0000"',
];
const ODD_STEPS = [OFF_GRID, 0, 1, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER - 1];

/** Commands as `RandomCommands` makes them, among them such as reach the limits of what gateways let pass. */
export class ExtremeCommands {
  readonly #venue: VenueView;
  readonly #random: Random;
  readonly #usual: RandomCommands;
  #made = 0;

  constructor(venue: VenueView, random: Random, accounts: number) {
    this.#venue = venue;
    this.#random = random;
    this.#usual = new RandomCommands(venue, random, accounts);
  }

  *opening(): Generator<Command> {
    yield* this.#usual.opening();
  }

  next(): Command {
    this.#made += 1;
    return this.#random.integer(5) === 0 ? this.#extreme() : withRealKey(this.#usual.next());
  }

  /** As long as an origin's fields get. */
  correlationId(): string {
    return this.#pick(["", "c", "\u{1f600}".repeat(100)]);
  }

  #extreme(): Command {
    const { number: account } = this.#account();
    switch (this.#random.integer(7)) {
      case 0:
        return this.#order(account);
      case 1:
        return this.#deposit(account);
      case 2:
        return this.#change(account, { metadata: this.#pick(ODD_JSON) });
      case 3:
        return this.#change(account, { name: this.#pick(NAMES) });
      case 4:
        return this.#key(account);
      case 5:
        return this.#fact();
      default:
        return this.#withGeneratedName(account);
    }
  }

  #order(account: AccountNumber): PlaceOrder {
    const isMarket = this.#random.integer(3) === 0;
    return {
      kind: "place_order",
      account,
      instrument: this.#pick(this.#venue.instruments()).id,
      side: this.#pick(["buy", "sell"] as const),
      type: isMarket ? "market" : "limit",
      limit: ticks(isMarket ? 0 : this.#pick(ODD_STEPS)),
      quantity: lots(this.#pick(ODD_STEPS)),
      quoteQuantity: amount(isMarket ? this.#pick([0n, 1n, MAX_AMOUNT]) : 0n),
      timeInForce: isMarket ? "ioc" : this.#pick(["gtc", "ioc", "fok"] as const),
      postOnly: this.#random.integer(2) === 0,
      selfTradePrevention: "decrement",
      clientOrderId: this.#pick(["", "x".repeat(36)]),
      fault: undefined,
    };
  }

  /** An order under the name that another one was given. */
  #withGeneratedName(account: AccountNumber): Command {
    const [order] = this.#venue.liveOrders(account);
    const usual = this.#usual.next();
    if (usual.kind !== "place_order" || order === undefined) return withRealKey(usual);
    const clientOrderId = entityId("order", order.createdAt, order.orderSeq);
    return { ...usual, account, clientOrderId };
  }

  #deposit(account: AccountNumber): Command {
    const note = {
      externalId: this.#pick(["", `${this.#pick(ODD_TEXTS)}${this.#made}`, "e".repeat(128)]),
      reason: this.#pick(["", "r".repeat(255), "\u{1f600}".repeat(127), ...ODD_TEXTS]),
    };
    const asset = this.#random.integer(4) as AssetId;
    const moved = amount(this.#pick([1n, 10n ** 12n, MAX_AMOUNT]));
    return { kind: "deposit", account, asset, amount: moved, ...note };
  }

  #change(account: AccountNumber, change: { metadata?: string; name?: string }): Command {
    const unchanged = { status: undefined, kycStatus: undefined, feeTier: undefined };
    const none = { name: undefined, metadata: undefined };
    return { kind: "update_account", account, ...unchanged, ...none, ...change };
  }

  #key(account: AccountNumber): Command {
    return {
      kind: "create_key",
      key: {
        keyId: `extreme-key-${String(this.#made).padStart(8, "0")}`,
        account,
        label: this.#pick(["", "l".repeat(64), ...ODD_TEXTS]),
        scopes: ["read"],
        secretHash: "0".repeat(64),
        sealedSecret: "AAAA",
        addresses: this.#pick([[], ["::1", "127.0.0.1"]]),
        expiresAt: timestamp(this.#pick([0, Number.MAX_SAFE_INTEGER])),
      },
    };
  }

  #fact(): Command {
    const details = this.#pick(ODD_JSON.filter((text) => !text.includes("1e308")));
    return {
      kind: "record_fact",
      action: "clock.changed",
      entityType: "clock",
      entityId: "world",
      account: undefined,
      details,
    };
  }

  #account(): Account {
    const customers = this.#venue.accounts().filter(({ role }) => role === "customer");
    return this.#pick(customers);
  }

  #pick<Item>(items: readonly Item[]): Item {
    return items[this.#random.integer(items.length)] as Item;
  }
}

/** Few, so that sub-accounts take each other's. */
const NAMES = ["member 1", "member 2", "late 1", "free"];

/** The usual commands' keys are shorter than a gateway makes them. */
function withRealKey(command: Command): Command {
  const real = { secretHash: "0".repeat(64), sealedSecret: "AAAA" };
  const longer = (keyId: string) => keyId.padEnd(16, "_");
  switch (command.kind) {
    case "create_key":
      return { ...command, key: { ...command.key, ...real, keyId: longer(command.key.keyId) } };
    case "revoke_key":
      return { ...command, keyId: longer(command.keyId) };
    case "create_account":
      return command.key === undefined
        ? command
        : { ...command, key: { ...command.key, ...real, keyId: longer(command.key.keyId) } };
    default:
      return command;
  }
}
