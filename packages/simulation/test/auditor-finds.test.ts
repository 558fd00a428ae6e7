import { deepEqual, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type AccountNumber,
  type Amount,
  type AssetId,
  amount,
  type Command,
  type Lots,
  type OrderSeq,
  timestamp,
  type VenueEvent,
} from "@tse/domain";
import { Venue, type VenueView } from "@tse/venue";
import { Auditor, auditVenue, type Invariant, RandomCommands, seededRandom } from "../src/index.ts";

const COMMANDS = 3_000;
const ACCOUNTS = 50;
const START = 1_700_000_000_000_000;

/** A venue's events as a faulty one would tell them. */
type Garble = (events: readonly VenueEvent[]) => readonly VenueEvent[];

/** Replaces the first event of a kind in each unit. */
function garble<Kind extends VenueEvent["kind"]>(
  kind: Kind,
  change: (event: Extract<VenueEvent, { kind: Kind }>) => readonly VenueEvent[],
): Garble {
  return (events) => {
    const place = events.findIndex((event) => event.kind === kind);
    if (place < 0) return events;
    const event = events[place] as Extract<VenueEvent, { kind: Kind }>;
    return [...events.slice(0, place), ...change(event), ...events.slice(place + 1)];
  };
}

const more = (value: Amount): Amount => amount(value + 1n);

const faultyEvents: Record<string, readonly [Garble, Invariant]> = {
  "prints a wrong notional": [
    garble("trade", (event) => [{ ...event, notional: more(event.notional) }]),
    "trade",
  ],
  "prints beside the maker's price": [
    garble("trade", (event) => [{ ...event, price: (event.price + 1) as never }]),
    "trade",
  ],
  "skips a trade number": [
    garble("trade", (event) => [{ ...event, tradeSeq: (event.tradeSeq + 1) as never }]),
    "trade",
  ],
  "names another account": [
    garble("trade", (event) => [
      { ...event, makerAccount: event.takerAccount, takerAccount: event.makerAccount },
    ]),
    "trade",
  ],
  "fills a lot less": [
    garble("trade", (event) => [{ ...event, quantity: (event.quantity - 1) as Lots }]),
    "order_life_cycle",
  ],
  "fills the wrong maker": [
    garble("trade", (event) => [{ ...event, makerOrder: (event.makerOrder - 1) as OrderSeq }]),
    "priority",
  ],
  "forgets a fee": [garble("trade", (event) => [{ ...event, takerFee: amount(0n) }]), "fees"],
  "tells a trade twice": [garble("trade", (event) => [event, event]), "order_life_cycle"],
  "forgets an order's end": [garble("order_closed", () => []), "order_life_cycle"],
  "ends an order twice": [garble("order_closed", (event) => [event, event]), "order_life_cycle"],
  "leaves too much": [
    garble("order_closed", (event) => [{ ...event, left: (event.left + 1) as Lots }]),
    "order_life_cycle",
  ],
  "skips an order number": [
    garble("order_accepted", (event) => [{ ...event, orderSeq: (event.orderSeq + 1) as OrderSeq }]),
    "order_life_cycle",
  ],
  "reduces to more": [
    garble("order_reduced", (event) => [{ ...event, quantity: (event.quantity * 2) as Lots }]),
    "order_life_cycle",
  ],
  "prevents between strangers": [
    garble("self_trade_prevented", (event) => [{ ...event, makerOrder: event.takerOrder }]),
    "priority",
  ],
  "tells no balance": [garble("balance_changed", () => []), "event_stream"],
  "tells a wrong balance": [
    garble("balance_changed", (event) => [{ ...event, locked: more(event.locked) }]),
    "event_stream",
  ],
  "tells a balance twice": [garble("balance_changed", (event) => [event, event]), "event_stream"],
  "tells no level": [garble("level_changed", () => []), "event_stream"],
  "tells a wrong level": [
    garble("level_changed", (event) => [{ ...event, quantity: (event.quantity + 1) as Lots }]),
    "event_stream",
  ],
  "skips a book number": [
    garble("level_changed", (event) => [{ ...event, bookSequence: event.bookSequence + 1 }]),
    "event_stream",
  ],
  "tells a deposit twice": [
    garble("transfer_completed", (event) => [event, event]),
    "conservation",
  ],
  "tells the state first": [(events) => [...events].reverse(), "event_stream"],
};

/** A venue whose state is another than it should be. */
type Corrupt = (view: VenueView) => Partial<VenueView>;

const faultyStates: Record<string, readonly [Corrupt, Invariant]> = {
  "makes money": [
    (view) => ({
      balance: (account, asset) => {
        const balance = view.balance(account, asset);
        return { ...balance, available: more(balance.available) };
      },
    }),
    "conservation",
  ],
  "loses the release of a lock": [
    (view) => ({
      balance: (account, asset) => {
        const balance = view.balance(account, asset);
        return {
          ...balance,
          available: amount(balance.available - 1n),
          locked: more(balance.locked),
        };
      },
    }),
    "locked",
  ],
  overdraws: [
    (view) => ({
      balance: (account, asset) => {
        const { locked, ...balance } = view.balance(account, asset);
        const total = balance.available + locked;
        return { ...balance, available: amount(-1n), locked: amount(total + 1n) };
      },
    }),
    "negative_balance",
  ],
  "crosses its book": [
    (view) => ({ bestBid: (id) => (view.bestAsk(id) + 1) as never }),
    "crossed_book",
  ],
  "loses an order's place": [
    (view) => ({ queue: (id, side) => view.queue(id, side).toReversed() }),
    "priority",
  ],
  "shows a wrong depth": [
    (view) => ({ depth: (id, side, limit) => view.depth(id, side, limit).slice(1) }),
    "view",
  ],
  "forgets a withdrawal": [
    (view) => ({ supply: (asset) => more(view.supply(asset)) }),
    "conservation",
  ],
  "shows another best ask": [
    (view) => ({ bestAsk: (id) => (view.bestAsk(id) + 1) as never }),
    "view",
  ],
  "counts what self-trade prevention took off": [
    (view) => ({
      liveOrder: (orderSeq) => {
        const order = view.liveOrder(orderSeq);
        return order === undefined
          ? undefined
          : { ...order, quantity: (order.quantity + 1) as Lots };
      },
    }),
    "view",
  ],
  "keeps an order that ended": [
    (view) => ({
      liveOrder: (orderSeq) =>
        view.liveOrder(orderSeq) ?? view.queue(0 as never, "buy")[0] ?? undefined,
    }),
    "view",
  ],
};

/** The same, found from the state alone. */
const faultyViews: Record<string, readonly [Corrupt, Invariant]> = {
  "makes money": [
    (view) => ({
      balances: (account) =>
        view
          .balances(account)
          .map((balance) => ({ ...balance, available: more(balance.available) })),
    }),
    "conservation",
  ],
  "forgets a withdrawal": [
    (view) => ({ supply: (asset) => more(view.supply(asset)) }),
    "conservation",
  ],
  overdraws: [
    (view) => ({
      balances: (account) =>
        view.balances(account).map((balance) => ({ ...balance, available: amount(-1n) })),
    }),
    "negative_balance",
  ],
  "loses the release of a lock": [
    (view) => ({
      balances: (account) =>
        view.balances(account).map((balance) => ({ ...balance, locked: more(balance.locked) })),
    }),
    "locked",
  ],
  "loses an order's place": [
    (view) => ({ queue: (id, side) => view.queue(id, side).toReversed() }),
    "priority",
  ],
  "forgets an order": [
    (view) => ({ queue: (id, side) => view.queue(id, side).slice(1) }),
    "locked",
  ],
  "keeps a filled order": [
    (view) => ({
      queue: (id, side) => view.queue(id, side).map((order) => ({ ...order, open: 0 as Lots })),
    }),
    "order_life_cycle",
  ],
  "shows a wrong depth": [
    (view) => ({ depth: (id, side, limit) => view.depth(id, side, limit).slice(1) }),
    "view",
  ],
  "crosses its book": [
    (view) => ({ bestBid: (id) => (view.bestAsk(id) + 1) as never }),
    "crossed_book",
  ],
  "lets a closed account trade": [
    (view) => ({
      account: (number) => {
        const account = view.account(number);
        return account === undefined ? undefined : { ...account, status: "closed" };
      },
    }),
    "closed_account",
  ],
};

function openVenue(): Venue {
  return new Venue({
    kycRequired: false,
    maxSubAccounts: 5,
    orderRate: undefined,
    maxOrderNotional: amount(10n ** 22n),
    unitOfAccount: "USD",
  });
}

/** The venue with some of its answers changed. */
function corrupted(view: VenueView, corrupt: Corrupt): VenueView {
  const changes = corrupt(view);
  return new Proxy(view, {
    get: (target, name) => {
      const value = Reflect.get(changes, name) ?? Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** Runs random commands until the auditor finds something, and returns what it found. */
function firstFindings(seed: string, view: (venue: Venue) => VenueView, tell: Garble): Invariant[] {
  const venue = openVenue();
  const auditor = new Auditor(view(venue));
  const commands = new RandomCommands(venue, seededRandom(seed), ACCOUNTS);
  const opening = [...commands.opening()];
  for (let n = 0; n < COMMANDS; n++) {
    venue.apply(opening[n] ?? commands.next(), timestamp(START + n * 1_000));
    const violations = auditor.follow(tell([...venue.events]));
    venue.events.clear();
    if (violations.length > 0) return violations.map(({ invariant }) => invariant);
  }
  return [];
}

describe("the auditor, following a venue that", () => {
  it("makes no mistake, finds nothing", () => {
    deepEqual(
      firstFindings(
        "none",
        (venue) => venue,
        (events) => events,
      ),
      [],
    );
  });

  for (const [fault, [tell, invariant]] of Object.entries(faultyEvents)) {
    it(`${fault}, finds ${invariant}`, () => {
      const found = firstFindings(fault, (venue) => venue, tell);
      ok(found.includes(invariant), `found ${found}`);
    });
  }

  for (const [fault, [corrupt, invariant]] of Object.entries(faultyStates)) {
    it(`${fault}, finds ${invariant}`, () => {
      const found = firstFindings(
        fault,
        (venue) => corrupted(venue, corrupt),
        (events) => events,
      );
      ok(found.includes(invariant), `found ${found}`);
    });
  }
});

describe("the auditor, after a single command", () => {
  const deposit = (asset: number): Command => ({
    kind: "deposit",
    account: 1 as AccountNumber,
    asset: asset as AssetId,
    amount: amount(7n),
    externalId: "",
    reason: "",
  });

  it("finds a balance of the same account that changed beside, and says nothing of it before", () => {
    const [moved, beside] = [0, 1];
    const venue = openVenue();
    let isFaulty = false;
    const view = corrupted(venue, () => ({
      balance: (account, asset) => {
        const balance = venue.balance(account, asset);
        const isMore = isFaulty && account === 1 && asset === beside;
        return isMore ? { ...balance, available: more(balance.available) } : balance;
      },
    }));
    const auditor = new Auditor(view);
    const found = (command: Command) => {
      venue.events.clear();
      venue.apply(command, timestamp(START));
      return auditor.follow(venue.events).map(({ detail }) => detail);
    };
    for (const command of new RandomCommands(venue, seededRandom("one"), 5).opening()) {
      deepEqual(found(command), []);
    }

    isFaulty = true;
    const supply = venue.supply(beside as AssetId);
    deepEqual(found(deposit(moved)), [
      `balance 1/${beside} is ${supply / 5n + 1n}, its postings add up to ${supply / 5n}`,
      `accounts hold ${supply + 1n} of asset ${beside}, it has ${supply}, ${supply} came in`,
    ]);
  });
});

describe("an audit of the state of a venue that", () => {
  const venue = openVenue();
  const commands = new RandomCommands(venue, seededRandom("state"), ACCOUNTS);
  for (const command of commands.opening()) venue.apply(command, timestamp(START));
  for (let n = 0; n < COMMANDS; n++) venue.apply(commands.next(), timestamp(START + n * 1_000));

  it("makes no mistake, finds nothing", () => {
    deepEqual(auditVenue(venue), []);
  });

  for (const [fault, [corrupt, invariant]] of Object.entries(faultyViews)) {
    it(`${fault}, finds ${invariant}`, () => {
      const found = auditVenue(corrupted(venue, corrupt)).map((violation) => violation.invariant);
      ok(found.includes(invariant), `found ${found}`);
    });
  }
});
