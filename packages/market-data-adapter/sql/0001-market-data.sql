-- Schema of the market-data domain. Runs unchanged on PostgreSQL 15+ and PGlite; safe to run twice.
-- The migration runner makes the schema, puts it first in the search path, and wraps this in a transaction.

CREATE TABLE IF NOT EXISTS schema_migrations (
  version INT PRIMARY KEY, name VARCHAR(100) NOT NULL, checksum CHAR(64), applied_at TIMESTAMPTZ NOT NULL DEFAULT now());
CREATE TABLE IF NOT EXISTS symbols (
  symbol_id UUID PRIMARY KEY DEFAULT gen_random_uuid(), symbol VARCHAR(50) NOT NULL UNIQUE,
  base_currency VARCHAR(10) NOT NULL, quote_currency VARCHAR(10) NOT NULL, display_name VARCHAR(100),
  is_active BOOLEAN NOT NULL DEFAULT TRUE, min_price_movement DECIMAL(24,8) CHECK (min_price_movement > 0),
  min_order_size DECIMAL(24,8) CHECK (min_order_size > 0), max_order_size DECIMAL(24,8) CHECK (max_order_size > 0),
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(), updated_at TIMESTAMPTZ NOT NULL DEFAULT now(), metadata JSONB);
CREATE INDEX IF NOT EXISTS idx_symbols_is_active ON symbols (is_active);
CREATE INDEX IF NOT EXISTS idx_symbols_base_currency ON symbols (base_currency);
CREATE INDEX IF NOT EXISTS idx_symbols_quote_currency ON symbols (quote_currency);

CREATE TABLE IF NOT EXISTS price_feeds (
  feed_id UUID PRIMARY KEY DEFAULT gen_random_uuid(), symbol VARCHAR(50) NOT NULL,
  price DECIMAL(24,8) NOT NULL CHECK (price > 0), bid DECIMAL(24,8) CHECK (bid > 0), ask DECIMAL(24,8) CHECK (ask > 0),
  volume_24h DECIMAL(24,8) CHECK (volume_24h >= 0), source VARCHAR(100) NOT NULL DEFAULT 'simulator',
  sequence BIGINT, confidence DECIMAL(5,4) CHECK (confidence BETWEEN 0 AND 1),   -- sequence: per symbol, gap-free
  "timestamp" TIMESTAMPTZ NOT NULL DEFAULT now(), metadata JSONB, CHECK (bid IS NULL OR ask IS NULL OR bid <= ask));
CREATE INDEX IF NOT EXISTS idx_price_feeds_symbol ON price_feeds (symbol);
CREATE INDEX IF NOT EXISTS idx_price_feeds_timestamp ON price_feeds ("timestamp" DESC);
CREATE INDEX IF NOT EXISTS idx_price_feeds_symbol_ts ON price_feeds (symbol, "timestamp" DESC, feed_id DESC);
CREATE INDEX IF NOT EXISTS idx_price_feeds_source ON price_feeds (source);

CREATE TABLE IF NOT EXISTS candles (
  candle_id UUID PRIMARY KEY DEFAULT gen_random_uuid(), symbol VARCHAR(50) NOT NULL,
  "interval" VARCHAR(10) NOT NULL CHECK ("interval" IN ('1m','5m','15m','1h','4h','1d')),
  open DECIMAL(24,8) NOT NULL CHECK (open > 0), high DECIMAL(24,8) NOT NULL CHECK (high > 0),
  low DECIMAL(24,8) NOT NULL CHECK (low > 0), close DECIMAL(24,8) NOT NULL CHECK (close > 0),
  volume DECIMAL(24,8) NOT NULL DEFAULT 0 CHECK (volume >= 0), quote_volume DECIMAL(24,8) NOT NULL DEFAULT 0 CHECK (quote_volume >= 0),
  start_time TIMESTAMPTZ NOT NULL, end_time TIMESTAMPTZ NOT NULL,                -- end_time is exclusive
  num_trades INT DEFAULT 0 CHECK (num_trades >= 0), source VARCHAR(100) NOT NULL DEFAULT 'simulator',
  is_closed BOOLEAN NOT NULL DEFAULT TRUE, metadata JSONB, CHECK (end_time > start_time),
  CHECK (high >= low AND high >= open AND high >= close AND low <= open AND low <= close),
  UNIQUE (symbol, "interval", start_time));
CREATE INDEX IF NOT EXISTS idx_candles_symbol ON candles (symbol);
CREATE INDEX IF NOT EXISTS idx_candles_interval ON candles ("interval");
CREATE INDEX IF NOT EXISTS idx_candles_start_time ON candles (start_time DESC);
CREATE INDEX IF NOT EXISTS idx_candles_composite ON candles (symbol, "interval", start_time DESC);

CREATE TABLE IF NOT EXISTS market_snapshots (
  snapshot_id UUID PRIMARY KEY DEFAULT gen_random_uuid(), symbol VARCHAR(50) NOT NULL,
  last_price DECIMAL(24,8) NOT NULL CHECK (last_price > 0), bid DECIMAL(24,8), ask DECIMAL(24,8),
  spread DECIMAL(24,8) CHECK (spread >= 0), volume_24h DECIMAL(24,8), price_change_24h DECIMAL(24,8),
  price_change_percent_24h DECIMAL(10,4), "timestamp" TIMESTAMPTZ NOT NULL DEFAULT now(), metadata JSONB);
CREATE INDEX IF NOT EXISTS idx_snapshots_symbol ON market_snapshots (symbol);
CREATE INDEX IF NOT EXISTS idx_snapshots_timestamp ON market_snapshots ("timestamp" DESC);
CREATE INDEX IF NOT EXISTS idx_snapshots_symbol_ts ON market_snapshots (symbol, "timestamp" DESC, snapshot_id DESC);

CREATE TABLE IF NOT EXISTS order_books (                       -- bids, asks: [["price","size"], ...] best first
  book_id UUID PRIMARY KEY DEFAULT gen_random_uuid(), symbol VARCHAR(50) NOT NULL, sequence BIGINT,
  depth INT NOT NULL CHECK (depth > 0), bids JSONB NOT NULL CHECK (jsonb_typeof(bids) = 'array'),
  asks JSONB NOT NULL CHECK (jsonb_typeof(asks) = 'array'), "timestamp" TIMESTAMPTZ NOT NULL DEFAULT now(), metadata JSONB);
CREATE INDEX IF NOT EXISTS idx_order_books_symbol_ts ON order_books (symbol, "timestamp" DESC, book_id DESC);

-- imported history and scenario runs
CREATE TABLE IF NOT EXISTS datasets (
  dataset_id UUID PRIMARY KEY DEFAULT gen_random_uuid(), name VARCHAR(100) NOT NULL UNIQUE, symbol VARCHAR(50) NOT NULL,
  kind VARCHAR(10) NOT NULL CHECK (kind IN ('TICKS','CANDLES')), "interval" VARCHAR(10), source VARCHAR(100) NOT NULL,
  first_at TIMESTAMPTZ NOT NULL, last_at TIMESTAMPTZ NOT NULL, points BIGINT NOT NULL CHECK (points > 0),
  checksum CHAR(64) NOT NULL, imported_at TIMESTAMPTZ NOT NULL DEFAULT now(), metadata JSONB, CHECK (last_at >= first_at));
CREATE TABLE IF NOT EXISTS dataset_points (
  dataset_id UUID NOT NULL REFERENCES datasets(dataset_id) ON DELETE CASCADE, ordinal BIGINT NOT NULL CHECK (ordinal >= 0),
  at TIMESTAMPTZ NOT NULL, open DECIMAL(24,8) NOT NULL, high DECIMAL(24,8) NOT NULL,
  low DECIMAL(24,8) NOT NULL CHECK (low > 0), close DECIMAL(24,8) NOT NULL,
  volume DECIMAL(24,8) NOT NULL DEFAULT 0 CHECK (volume >= 0), PRIMARY KEY (dataset_id, ordinal),
  CHECK (high >= open AND high >= close AND low <= open AND low <= close));
CREATE INDEX IF NOT EXISTS idx_dataset_points_at ON dataset_points (dataset_id, at);
CREATE TABLE IF NOT EXISTS scenario_runs (
  scenario_id UUID PRIMARY KEY DEFAULT gen_random_uuid(), scenario_type VARCHAR(50) NOT NULL,
  symbols TEXT[] NOT NULL CHECK (cardinality(symbols) > 0), parameters JSONB NOT NULL DEFAULT '{}', seed BIGINT NOT NULL,
  state VARCHAR(20) NOT NULL DEFAULT 'SCHEDULED'
    CHECK (state IN ('SCHEDULED','BUILDUP','SUSTAIN','RECOVERY','COMPLETED','STOPPED','REJECTED')),
  actor VARCHAR(255) NOT NULL, correlation_id VARCHAR(64), starts_at TIMESTAMPTZ NOT NULL, ends_at TIMESTAMPTZ NOT NULL,
  stopped_at TIMESTAMPTZ, created_at TIMESTAMPTZ NOT NULL DEFAULT now(), updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  CHECK (ends_at > starts_at));
CREATE INDEX IF NOT EXISTS idx_scenario_runs_window ON scenario_runs (starts_at, ends_at);

-- audit and delivery: same shape as in the exchange schema
CREATE TABLE IF NOT EXISTS audit_events (
  seq BIGINT PRIMARY KEY CHECK (seq > 0), occurred_at TIMESTAMPTZ NOT NULL, actor VARCHAR(255) NOT NULL,
  action VARCHAR(100) NOT NULL, entity_type VARCHAR(50) NOT NULL, entity_id VARCHAR(100) NOT NULL, account_id UUID,
  correlation_id VARCHAR(64), payload JSONB NOT NULL DEFAULT '{}', prev_hash CHAR(64) NOT NULL, hash CHAR(64) NOT NULL UNIQUE);
CREATE INDEX IF NOT EXISTS idx_audit_entity ON audit_events (entity_type, entity_id, seq);
CREATE INDEX IF NOT EXISTS idx_audit_correlation ON audit_events (correlation_id) WHERE correlation_id IS NOT NULL;
CREATE TABLE IF NOT EXISTS outbox (
  outbox_id UUID PRIMARY KEY DEFAULT gen_random_uuid(), destination VARCHAR(50) NOT NULL, topic VARCHAR(100) NOT NULL,
  payload JSONB NOT NULL, attempts INT NOT NULL DEFAULT 0, next_attempt_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  delivered_at TIMESTAMPTZ, last_error VARCHAR(500), created_at TIMESTAMPTZ NOT NULL DEFAULT now());
CREATE INDEX IF NOT EXISTS idx_outbox_pending ON outbox (next_attempt_at) WHERE delivered_at IS NULL;
CREATE OR REPLACE FUNCTION forbid_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$;
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

-- read models
CREATE OR REPLACE VIEW tickers AS
  SELECT DISTINCT ON (symbol) symbol, last_price, bid, ask, price_change_24h AS change_24h,
         price_change_percent_24h AS change_percent_24h, volume_24h AS volume, "timestamp"
  FROM market_snapshots ORDER BY symbol, "timestamp" DESC, snapshot_id DESC;
CREATE OR REPLACE VIEW ohlcv AS
  SELECT symbol, "interval" AS timeframe, open, high, low, close, volume, start_time AS "timestamp" FROM candles;
CREATE OR REPLACE VIEW market_data AS
  SELECT symbol, "interval" AS timeframe, start_time AS "timestamp", open, high, low, close, volume,
         CASE WHEN volume > 0 THEN round(quote_volume / volume, 8) ELSE close END AS vwap FROM candles;
CREATE OR REPLACE FUNCTION health_check() RETURNS TABLE (schema_name TEXT, table_count BIGINT, status TEXT)
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
  SELECT current_schema()::TEXT, count(*), CASE WHEN count(*) >= 11 THEN 'healthy' ELSE 'incomplete' END
  FROM information_schema.tables t WHERE t.table_schema = current_schema() AND t.table_type = 'BASE TABLE' $$;

INSERT INTO symbols (symbol, base_currency, quote_currency, display_name, min_price_movement, min_order_size, max_order_size) VALUES
  ('BTC/USD','BTC','USD','Bitcoin / US dollar',0.01,0.0001,100), ('ETH/USD','ETH','USD','Ether / US dollar',0.01,0.001,2000),
  ('ADA/USD','ADA','USD','Cardano / US dollar',0.0001,1,2000000), ('SOL/USD','SOL','USD','Solana / US dollar',0.01,0.01,20000),
  ('DOT/USD','DOT','USD','Polkadot / US dollar',0.001,0.1,200000), ('USDT/USD','USDT','USD','Tether / US dollar',0.0001,1,1000000),
  ('BTC/USDT','BTC','USDT','Bitcoin / Tether',0.01,0.0001,100), ('ETH/USDT','ETH','USDT','Ether / Tether',0.01,0.001,2000),
  ('ETH/BTC','ETH','BTC','Ether / Bitcoin',0.00001,0.001,2000) ON CONFLICT DO NOTHING;
DO $$
DECLARE s TEXT := current_schema(); r TEXT := 'market_data_adapter';
BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = r) THEN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', s, r);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO %I', s, r);
    EXECUTE format('REVOKE UPDATE, DELETE ON %I.audit_events FROM %I', s, r);
    EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA %I TO %I', s, r);
    EXECUTE format('GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA %I TO %I', s, r);
  END IF;
END $$;
INSERT INTO schema_migrations (version, name) VALUES (1, 'market_data') ON CONFLICT DO NOTHING;
