/** A column's value as SQL text. */
type Row = Readonly<Record<string, string>>;

const ID = "'01900000-0000-7000-8000-000000000001'";

const GOOD: Readonly<Record<string, Row>> = {
  symbols: { symbol: "'A/B'", base_currency: "'A'", quote_currency: "'B'" },
  price_feeds: { symbol: "'A/B'", price: "1" },
  candles: {
    symbol: "'A/B'",
    interval: "'1m'",
    open: "2",
    high: "3",
    low: "1",
    close: "2",
    start_time: "'2026-01-05T12:00:00Z'",
    end_time: "'2026-01-05T12:01:00Z'",
  },
  market_snapshots: { symbol: "'A/B'", last_price: "1" },
  order_books: { symbol: "'A/B'", depth: "1", bids: "'[]'", asks: "'[]'" },
  datasets: {
    dataset_id: ID,
    name: "'set'",
    symbol: "'A/B'",
    kind: "'TICKS'",
    source: "'file'",
    first_at: "'2026-01-05T12:00:00Z'",
    last_at: "'2026-01-05T12:00:00Z'",
    points: "1",
    checksum: "repeat('a', 64)",
  },
  dataset_points: {
    dataset_id: ID,
    ordinal: "0",
    at: "now()",
    open: "2",
    high: "3",
    low: "1",
    close: "2",
  },
  scenario_runs: {
    scenario_type: "'crash'",
    symbols: "'{A/B}'",
    seed: "1",
    actor: "'admin'",
    starts_at: "'2026-01-05T12:00:00Z'",
    ends_at: "'2026-01-05T12:01:00Z'",
  },
  audit_events: {
    seq: "1",
    occurred_at: "now()",
    actor: "'admin'",
    action: "'a'",
    entity_type: "'e'",
    entity_id: "'1'",
    prev_hash: "repeat('0', 64)",
    hash: "repeat('1', 64)",
  },
};

/** What turns a good row into one that breaks a CHECK or several; together they break every one. */
const BREAKING: readonly (readonly [table: string, change: Row])[] = [
  ["symbols", { min_price_movement: "0" }],
  ["symbols", { min_order_size: "0" }],
  ["symbols", { max_order_size: "-1" }],
  ["price_feeds", { price: "0" }],
  ["price_feeds", { bid: "0" }],
  ["price_feeds", { ask: "0" }],
  ["price_feeds", { volume_24h: "-1" }],
  ["price_feeds", { confidence: "1.0001" }],
  ["price_feeds", { bid: "2", ask: "1" }],
  ["candles", { interval: "'2m'" }],
  ["candles", { open: "0", high: "0", low: "0", close: "0" }],
  ["candles", { volume: "-1" }],
  ["candles", { quote_volume: "-1" }],
  ["candles", { num_trades: "-1" }],
  ["candles", { end_time: "'2026-01-05T12:00:00Z'" }],
  ["candles", { close: "4" }],
  ["market_snapshots", { last_price: "0" }],
  ["market_snapshots", { spread: "-1" }],
  ["order_books", { depth: "0" }],
  ["order_books", { bids: "'{}'" }],
  ["order_books", { asks: "'{}'" }],
  ["datasets", { kind: "'TRADES'" }],
  ["datasets", { points: "0" }],
  ["datasets", { last_at: "'2026-01-05T11:00:00Z'" }],
  ["dataset_points", { ordinal: "-1" }],
  ["dataset_points", { low: "0" }],
  ["dataset_points", { volume: "-1" }],
  ["dataset_points", { close: "4" }],
  ["scenario_runs", { symbols: "'{}'" }],
  ["scenario_runs", { state: "'PAUSED'" }],
  ["scenario_runs", { ends_at: "'2026-01-05T12:00:00Z'" }],
  ["audit_events", { seq: "0" }],
];

function insertion(table: string, row: Row): string {
  const columns = Object.keys(row).map((column) => `"${column}"`);
  return `insert into ${table} (${columns.join(", ")}) values (${Object.values(row).join(", ")})`;
}

/** Statements that each store a good row, one a table, parents first. */
export const goodInsertions: readonly string[] = Object.entries(GOOD).map(([table, row]) =>
  insertion(table, row),
);

/** Statements that each break a CHECK, with the table that has it. */
export const badInsertions = BREAKING.map(([table, change]) => ({
  table,
  text: insertion(table, { ...GOOD[table], ...change }),
}));
