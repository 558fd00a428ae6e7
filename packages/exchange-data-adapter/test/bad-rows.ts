/** A UUID of a number. */
export const ID = (n: number): string =>
  `00000000-0000-7000-8000-${n.toString().padStart(12, "0")}`;

const HASH = "0".repeat(64);
let made = 100;

type Values = Readonly<Record<string, string>>;

function insertion(table: string, values: Values): string {
  return `insert into ${table} (${Object.keys(values)}) values (${Object.values(values)})`;
}

function newId(): string {
  made += 1;
  return `'${ID(made)}'`;
}

/** A row that its table takes, with a new key. */
const GOOD: Readonly<Record<string, () => Values>> = {
  assets: () => ({ asset: "'ZZZ'" }),
  instruments: () => ({
    symbol: "'SOL/BTC'",
    base_asset: "'SOL'",
    quote_asset: "'BTC'",
    tick_size: "0.0001",
    lot_size: "0.0001",
    min_size: "1",
    max_size: "2",
  }),
  fee_tiers: () => ({ tier: "'bad'", maker_fee_rate: "0", taker_fee_rate: "0" }),
  accounts: () => ({ account_id: newId(), user_id: "'u'", account_type: "'SPOT'" }),
  api_keys: () => ({
    key_id: `'key_${newId().slice(1)}`,
    account_id: `'${ID(1)}'`,
    secret_hash: `'${HASH}'`,
  }),
  order_lists: () => ({ account_id: `'${ID(1)}'`, symbol: "'BTC/USD'", contingency: "'OCO'" }),
  orders: () => ({
    order_id: newId(),
    account_id: `'${ID(1)}'`,
    symbol: "'BTC/USD'",
    order_type: "'LIMIT'",
    side: "'BUY'",
    quantity: "1",
    price: "1",
  }),
  trades: () => ({
    order_id: `'${ID(2)}'`,
    account_id: `'${ID(1)}'`,
    symbol: "'BTC/USD'",
    side: "'BUY'",
    quantity: "1",
    price: "1",
    fee_currency: "'USD'",
  }),
  tape: () => ({
    symbol: newId(),
    trade_seq: "1",
    price: "1",
    quantity: "1",
    taker_side: "'BUY'",
    executed_at: "now()",
  }),
  balances: () => ({ account_id: `'${ID(1)}'`, symbol: newId() }),
  transfers: () => ({
    kind: "'DEPOSIT'",
    to_account_id: `'${ID(1)}'`,
    asset: "'BTC'",
    amount: "1",
  }),
  ledger_journals: () => ({ journal_id: newId(), kind: "'TRADE'" }),
  ledger_entries: () => ({ journal_id: `'${ID(3)}'`, asset: "'BTC'", amount: "1" }),
  audit_events: () => ({
    seq: "77",
    occurred_at: "now()",
    actor: "'a'",
    action: "'a'",
    entity_type: "'e'",
    entity_id: "'e'",
    prev_hash: `'${HASH}'`,
    hash: `'${"7".repeat(64)}'`,
  }),
};

/** What each table takes badly: one rule broken in each. */
const BROKEN: Readonly<Record<string, readonly Values[]>> = {
  assets: [{ asset: "'zzz'" }, { decimals: "9" }],
  instruments: [
    { status: "'OPEN'" },
    { tick_size: "-0.0001" },
    { lot_size: "-0.0001" },
    { min_size: "-1" },
    { max_size: "0.5" },
    { min_notional: "-1" },
    { price_band: "0" },
    { price_multiplier_up: "1" },
    { price_multiplier_down: "2" },
    { max_open_orders: "0" },
    { max_open_stop_orders: "-1" },
    { max_spread_bps: "0" },
    { maker_fee_rate: "0.2" },
    { taker_fee_rate: "-0.1" },
    { symbol: "'X/Y'" },
    { lot_size: "0.00001" },
  ],
  fee_tiers: [{ maker_fee_rate: "0.2" }, { taker_fee_rate: "0.2" }],
  accounts: [
    { user_id: "''" },
    { account_type: "'X'" },
    { role: "'X'" },
    { status: "'X'" },
    { kyc_status: "'X'" },
    { account_id: `'${ID(98)}'`, parent_account_id: `'${ID(98)}'` },
  ],
  api_keys: [
    { key_id: "'short'" },
    { kind: "'X'", public_key: "'p'", secret_hash: "null" },
    { scopes: "'{root}'" },
    { secret_hash: "null" },
    { kind: "'RSA'", secret_hash: "null" },
  ],
  order_lists: [{ contingency: "'X'" }, { status: "'X'" }],
  orders: [
    { order_type: "'X'" },
    { side: "'X'" },
    { quote_quantity: "0" },
    { price: "0" },
    { stop_price: "0" },
    { trigger_kind: "'X'" },
    { trailing_delta_bps: "0" },
    { display_quantity: "0" },
    { stp_mode: "'X'" },
    { filled_quote: "-1" },
    { reserved_amount: "-1" },
    { status: "'X'" },
    { time_in_force: "'X'" },
    { quantity: "0" },
    { filled_quantity: "2" },
    { price: "null" },
    { order_type: "'MARKET'" },
    { order_type: "'STOP'" },
    { time_in_force: "'GTD'" },
    { status: "'FILLED'" },
    { status: "'CANCELLED'" },
    { status: "'EXPIRED'", reserved_amount: "1" },
  ],
  trades: [{ side: "'X'" }, { liquidity: "'X'" }, { quantity: "0" }, { price: "0" }, { fee: "-1" }],
  tape: [{ price: "0" }, { quantity: "0" }, { taker_side: "'X'" }],
  balances: [{ available_balance: "-1" }, { locked_balance: "-1" }],
  transfers: [{ amount: "0" }, { status: "'X'" }, { kind: "'WITHDRAWAL'" }],
  ledger_journals: [{ kind: "'X'" }],
  ledger_entries: [{ amount: "0" }, { reason: "'X'" }],
  audit_events: [{ seq: "0" }],
};

/** Insertions that a database takes: what the bad rows refer to, and one of each table. */
export const GOOD_ROWS: readonly string[] = [
  insertion("accounts", { ...GOOD.accounts!(), account_id: `'${ID(1)}'` }),
  insertion("orders", { ...GOOD.orders!(), order_id: `'${ID(2)}'` }),
  `with j as (${insertion("ledger_journals", { ...GOOD.ledger_journals!(), journal_id: `'${ID(3)}'` })} returning journal_id)
   insert into ledger_entries (journal_id, asset, amount) select journal_id, 'BTC', v from j, (values (1), (-1)) as x (v)`,
  ...["api_keys", "order_lists", "trades", "tape", "balances", "transfers", "audit_events"].map(
    (table) => insertion(table, GOOD[table]!()),
  ),
];

/** Insertions of which each breaks one CHECK, all of them together every CHECK. */
export const BAD_ROWS: readonly string[] = Object.entries(BROKEN).flatMap(([table, rows]) =>
  rows.map((broken) => insertion(table, { ...GOOD[table]!(), ...broken })),
);
