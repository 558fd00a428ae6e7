-- Schema of the exchange domain. Runs unchanged on PostgreSQL 15+ and PGlite; safe to run twice.
-- The migration runner makes the schema, sets the search path and holds the transaction.

CREATE TABLE IF NOT EXISTS schema_migrations (
  version INT PRIMARY KEY, name VARCHAR(100) NOT NULL, checksum CHAR(64), applied_at TIMESTAMPTZ NOT NULL DEFAULT now());

-- reference data
CREATE TABLE IF NOT EXISTS assets (
  asset VARCHAR(10) PRIMARY KEY CHECK (asset ~ '^[A-Z0-9]{2,10}$'), display_name VARCHAR(100),
  decimals SMALLINT NOT NULL DEFAULT 8 CHECK (decimals BETWEEN 0 AND 8), is_active BOOLEAN NOT NULL DEFAULT TRUE);
CREATE TABLE IF NOT EXISTS instruments (
  symbol VARCHAR(50) PRIMARY KEY,
  base_asset VARCHAR(10) NOT NULL REFERENCES assets(asset), quote_asset VARCHAR(10) NOT NULL REFERENCES assets(asset),
  status VARCHAR(20) NOT NULL DEFAULT 'TRADING' CHECK (status IN ('TRADING','HALTED','CANCEL_ONLY','DELISTED')),
  tick_size DECIMAL(24,8) NOT NULL CHECK (tick_size > 0), lot_size DECIMAL(24,8) NOT NULL CHECK (lot_size > 0),
  min_size DECIMAL(24,8) NOT NULL CHECK (min_size > 0), max_size DECIMAL(24,8) NOT NULL,
  min_notional DECIMAL(24,8) NOT NULL DEFAULT 0 CHECK (min_notional >= 0),
  price_band DECIMAL(10,4) NOT NULL DEFAULT 0.2 CHECK (price_band > 0),       -- execution range of market orders
  price_multiplier_up DECIMAL(10,4) NOT NULL DEFAULT 5 CHECK (price_multiplier_up > 1),      -- limit prices
  price_multiplier_down DECIMAL(10,4) NOT NULL DEFAULT 0.2 CHECK (price_multiplier_down BETWEEN 0 AND 1),
  max_open_orders INT NOT NULL DEFAULT 200 CHECK (max_open_orders > 0),       -- per account
  max_open_stop_orders INT NOT NULL DEFAULT 5 CHECK (max_open_stop_orders >= 0),
  max_spread_bps DECIMAL(10,4) NOT NULL DEFAULT 10 CHECK (max_spread_bps > 0),
  maker_fee_rate DECIMAL(12,8) NOT NULL DEFAULT 0.001 CHECK (maker_fee_rate BETWEEN 0 AND 0.1),
  taker_fee_rate DECIMAL(12,8) NOT NULL DEFAULT 0.001 CHECK (taker_fee_rate BETWEEN 0 AND 0.1),
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(), updated_at TIMESTAMPTZ NOT NULL DEFAULT now(), metadata JSONB,
  CHECK (symbol = base_asset || '/' || quote_asset AND base_asset <> quote_asset), CHECK (max_size >= min_size),
  CHECK (round(tick_size * lot_size, 8) = tick_size * lot_size));          -- price x quantity is always exact
CREATE TABLE IF NOT EXISTS fee_tiers (                                     -- overrides; symbol '*' = every instrument
  tier VARCHAR(20) NOT NULL, symbol VARCHAR(50) NOT NULL DEFAULT '*',
  maker_fee_rate DECIMAL(12,8) NOT NULL CHECK (maker_fee_rate BETWEEN 0 AND 0.1),
  taker_fee_rate DECIMAL(12,8) NOT NULL CHECK (taker_fee_rate BETWEEN 0 AND 0.1), PRIMARY KEY (tier, symbol));

-- accounts and keys
CREATE TABLE IF NOT EXISTS accounts (
  account_id UUID PRIMARY KEY DEFAULT gen_random_uuid(), parent_account_id UUID REFERENCES accounts(account_id),
  user_id VARCHAR(255) NOT NULL CHECK (user_id <> ''), name VARCHAR(100),
  account_type VARCHAR(50) NOT NULL CHECK (account_type IN ('SPOT','MARGIN','FUTURES')),
  role VARCHAR(20) NOT NULL DEFAULT 'CUSTOMER' CHECK (role IN ('CUSTOMER','SIMULATED','VENUE')),
  status VARCHAR(50) NOT NULL DEFAULT 'ACTIVE' CHECK (status IN ('ACTIVE','SUSPENDED','CLOSED')),
  kyc_status VARCHAR(50) NOT NULL DEFAULT 'PENDING' CHECK (kyc_status IN ('PENDING','APPROVED','REJECTED')),
  fee_tier VARCHAR(20) NOT NULL DEFAULT 'standard',
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(), updated_at TIMESTAMPTZ NOT NULL DEFAULT now(), metadata JSONB,
  CHECK (parent_account_id IS NULL OR parent_account_id <> account_id));
CREATE INDEX IF NOT EXISTS idx_accounts_user_id ON accounts (user_id);
CREATE INDEX IF NOT EXISTS idx_accounts_status ON accounts (status);
CREATE INDEX IF NOT EXISTS idx_accounts_kyc_status ON accounts (kyc_status);
CREATE INDEX IF NOT EXISTS idx_accounts_created_at ON accounts (created_at DESC, account_id DESC);
CREATE UNIQUE INDEX IF NOT EXISTS uq_accounts_child_name ON accounts (parent_account_id, name)
  WHERE parent_account_id IS NOT NULL AND status <> 'CLOSED';
CREATE TABLE IF NOT EXISTS api_keys (
  key_id VARCHAR(64) PRIMARY KEY CHECK (key_id ~ '^[A-Za-z0-9_-]{16,64}$'),
  account_id UUID NOT NULL REFERENCES accounts(account_id), label VARCHAR(100),
  kind VARCHAR(10) NOT NULL DEFAULT 'SECRET' CHECK (kind IN ('SECRET','ED25519','RSA')),
  scopes TEXT[] NOT NULL DEFAULT '{read}' CHECK (scopes <@ ARRAY['read','trade','admin']::TEXT[]),
  secret_hash CHAR(64), secret_ciphertext BYTEA, public_key TEXT,           -- SHA-256 / AES-256-GCM / PEM
  ip_allow TEXT[], created_at TIMESTAMPTZ NOT NULL DEFAULT now(), last_used_at TIMESTAMPTZ, expires_at TIMESTAMPTZ,
  revoked_at TIMESTAMPTZ, CHECK ((kind = 'SECRET') = (secret_hash IS NOT NULL)),
  CHECK (kind = 'SECRET' OR public_key IS NOT NULL));
CREATE INDEX IF NOT EXISTS idx_api_keys_account ON api_keys (account_id);

-- orders and trades
CREATE TABLE IF NOT EXISTS order_lists (
  order_list_id UUID PRIMARY KEY DEFAULT gen_random_uuid(), list_seq BIGINT GENERATED BY DEFAULT AS IDENTITY UNIQUE,
  account_id UUID NOT NULL REFERENCES accounts(account_id), client_order_list_id VARCHAR(64), symbol VARCHAR(50) NOT NULL,
  contingency VARCHAR(10) NOT NULL CHECK (contingency IN ('OCO','OTO','OTOCO')),
  status VARCHAR(20) NOT NULL DEFAULT 'EXECUTING' CHECK (status IN ('EXECUTING','ALL_DONE','REJECT')),
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(), updated_at TIMESTAMPTZ NOT NULL DEFAULT now(), metadata JSONB);
CREATE TABLE IF NOT EXISTS orders (
  order_id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  order_seq BIGINT GENERATED BY DEFAULT AS IDENTITY UNIQUE,                 -- integer id for dialects that need one
  priority_seq BIGINT,                                                      -- place in its price level, restores FIFO
  client_order_id VARCHAR(64), account_id UUID NOT NULL REFERENCES accounts(account_id),
  order_list_id UUID REFERENCES order_lists(order_list_id), parent_order_id UUID REFERENCES orders(order_id),
  replaces_order_id UUID REFERENCES orders(order_id), symbol VARCHAR(50) NOT NULL,
  order_type VARCHAR(50) NOT NULL CHECK (order_type IN ('MARKET','LIMIT','STOP')),
  side VARCHAR(10) NOT NULL CHECK (side IN ('BUY','SELL')),
  quantity DECIMAL(24,8) NOT NULL, quote_quantity DECIMAL(24,8) CHECK (quote_quantity > 0),
  price DECIMAL(24,8) CHECK (price > 0), stop_price DECIMAL(24,8) CHECK (stop_price > 0),
  trigger_kind VARCHAR(20) CHECK (trigger_kind IN ('STOP_LOSS','TAKE_PROFIT','TRAILING')),
  trailing_delta_bps INT CHECK (trailing_delta_bps > 0), display_quantity DECIMAL(24,8) CHECK (display_quantity > 0),
  post_only BOOLEAN NOT NULL DEFAULT FALSE, stp_mode VARCHAR(20) NOT NULL DEFAULT 'EXPIRE_MAKER'
    CHECK (stp_mode IN ('NONE','EXPIRE_TAKER','EXPIRE_MAKER','EXPIRE_BOTH','DECREMENT','TRANSFER')),
  filled_quantity DECIMAL(24,8) NOT NULL DEFAULT 0, filled_quote DECIMAL(24,8) NOT NULL DEFAULT 0 CHECK (filled_quote >= 0),
  average_price DECIMAL(24,8), reserved_asset VARCHAR(10),
  reserved_amount DECIMAL(24,8) NOT NULL DEFAULT 0 CHECK (reserved_amount >= 0),
  status VARCHAR(50) NOT NULL DEFAULT 'PENDING'
    CHECK (status IN ('PENDING','OPEN','FILLED','PARTIAL','CANCELLED','REJECTED','EXPIRED')),
  reject_reason VARCHAR(100),                                               -- also why an order was cancelled or expired
  time_in_force VARCHAR(10) NOT NULL DEFAULT 'GTC' CHECK (time_in_force IN ('GTC','IOC','FOK','GTD')),
  expires_at TIMESTAMPTZ, created_at TIMESTAMPTZ NOT NULL DEFAULT now(), updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  triggered_at TIMESTAMPTZ, filled_at TIMESTAMPTZ, cancelled_at TIMESTAMPTZ, correlation_id VARCHAR(64), metadata JSONB,
  CHECK (quantity > 0 OR (quantity = 0 AND quote_quantity IS NOT NULL)),
  CHECK (filled_quantity >= 0 AND filled_quantity <= quantity),
  CHECK (order_type <> 'LIMIT' OR price IS NOT NULL), CHECK (order_type <> 'MARKET' OR price IS NULL),
  CHECK (order_type <> 'STOP' OR stop_price IS NOT NULL OR trailing_delta_bps IS NOT NULL),
  CHECK (time_in_force <> 'GTD' OR expires_at IS NOT NULL), CHECK (status <> 'FILLED' OR filled_at IS NOT NULL),
  CHECK (status <> 'CANCELLED' OR cancelled_at IS NOT NULL),
  CHECK (status IN ('PENDING','OPEN','PARTIAL') OR reserved_amount = 0));
CREATE INDEX IF NOT EXISTS idx_orders_account_id ON orders (account_id, created_at DESC, order_id DESC);
CREATE INDEX IF NOT EXISTS idx_orders_symbol ON orders (symbol);
CREATE INDEX IF NOT EXISTS idx_orders_status ON orders (status);
CREATE INDEX IF NOT EXISTS idx_orders_side ON orders (side);
CREATE INDEX IF NOT EXISTS idx_orders_created_at ON orders (created_at DESC, order_id DESC);
CREATE INDEX IF NOT EXISTS idx_orders_list ON orders (order_list_id) WHERE order_list_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS idx_orders_open ON orders (account_id, symbol) WHERE status IN ('PENDING','OPEN','PARTIAL');
CREATE UNIQUE INDEX IF NOT EXISTS uq_orders_client_id_open ON orders (account_id, client_order_id)
  WHERE status IN ('PENDING','OPEN','PARTIAL');
CREATE TABLE IF NOT EXISTS trades (                                         -- one row per customer side of a match
  trade_id UUID PRIMARY KEY DEFAULT gen_random_uuid(), match_id UUID, trade_seq BIGINT,   -- public number, per symbol
  order_id UUID NOT NULL REFERENCES orders(order_id), account_id UUID NOT NULL REFERENCES accounts(account_id),
  symbol VARCHAR(50) NOT NULL, side VARCHAR(10) NOT NULL CHECK (side IN ('BUY','SELL')),
  liquidity VARCHAR(5) NOT NULL DEFAULT 'TAKER' CHECK (liquidity IN ('MAKER','TAKER')),
  quantity DECIMAL(24,8) NOT NULL CHECK (quantity > 0), price DECIMAL(24,8) NOT NULL CHECK (price > 0),
  quote_quantity DECIMAL(24,8) GENERATED ALWAYS AS (quantity * price) STORED,
  fee DECIMAL(24,8) NOT NULL DEFAULT 0 CHECK (fee >= 0), fee_currency VARCHAR(10) NOT NULL,
  executed_at TIMESTAMPTZ NOT NULL DEFAULT now(), metadata JSONB, UNIQUE (symbol, trade_seq, side));
CREATE INDEX IF NOT EXISTS idx_trades_order_id ON trades (order_id);
CREATE INDEX IF NOT EXISTS idx_trades_account_id ON trades (account_id, executed_at DESC, trade_id DESC);
CREATE INDEX IF NOT EXISTS idx_trades_symbol ON trades (symbol, executed_at DESC, trade_id DESC);
CREATE INDEX IF NOT EXISTS idx_trades_executed_at ON trades (executed_at DESC, trade_id DESC);
CREATE TABLE IF NOT EXISTS tape (                                           -- every match, public, anonymous
  symbol VARCHAR(50) NOT NULL, trade_seq BIGINT NOT NULL, price DECIMAL(24,8) NOT NULL CHECK (price > 0),
  quantity DECIMAL(24,8) NOT NULL CHECK (quantity > 0), taker_side VARCHAR(10) NOT NULL CHECK (taker_side IN ('BUY','SELL')),
  executed_at TIMESTAMPTZ NOT NULL, PRIMARY KEY (symbol, trade_seq));
CREATE INDEX IF NOT EXISTS idx_tape_executed_at ON tape (symbol, executed_at DESC);

-- money: a balance is never negative; every change of a total is journaled and every journal sums to zero per asset
CREATE TABLE IF NOT EXISTS balances (
  balance_id UUID PRIMARY KEY DEFAULT gen_random_uuid(), account_id UUID NOT NULL REFERENCES accounts(account_id),
  symbol VARCHAR(50) NOT NULL,                                              -- an asset code, e.g. BTC
  available_balance DECIMAL(24,8) NOT NULL DEFAULT 0 CHECK (available_balance >= 0),
  locked_balance DECIMAL(24,8) NOT NULL DEFAULT 0 CHECK (locked_balance >= 0),
  total_balance DECIMAL(24,8) NOT NULL GENERATED ALWAYS AS (available_balance + locked_balance) STORED,
  last_updated TIMESTAMPTZ NOT NULL DEFAULT now(), metadata JSONB, UNIQUE (account_id, symbol));
CREATE INDEX IF NOT EXISTS idx_balances_account_id ON balances (account_id);
CREATE INDEX IF NOT EXISTS idx_balances_symbol ON balances (symbol);
CREATE INDEX IF NOT EXISTS idx_balances_last_updated ON balances (last_updated DESC, balance_id DESC);
CREATE TABLE IF NOT EXISTS transfers (
  transfer_id UUID PRIMARY KEY DEFAULT gen_random_uuid(), kind VARCHAR(20) NOT NULL,
  from_account_id UUID REFERENCES accounts(account_id), to_account_id UUID REFERENCES accounts(account_id),
  asset VARCHAR(10) NOT NULL, amount DECIMAL(24,8) NOT NULL CHECK (amount > 0),
  status VARCHAR(20) NOT NULL DEFAULT 'COMPLETED' CHECK (status IN ('PENDING','COMPLETED','REJECTED','FAILED')),
  external_id VARCHAR(100) UNIQUE, reason VARCHAR(255), created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  completed_at TIMESTAMPTZ, metadata JSONB,
  CHECK ((kind = 'DEPOSIT' AND from_account_id IS NULL AND to_account_id IS NOT NULL)
      OR (kind = 'WITHDRAWAL' AND from_account_id IS NOT NULL AND to_account_id IS NULL)
      OR (kind = 'INTERNAL' AND from_account_id IS NOT NULL AND to_account_id IS NOT NULL AND from_account_id <> to_account_id)));
CREATE TABLE IF NOT EXISTS ledger_journals (
  journal_id UUID PRIMARY KEY DEFAULT gen_random_uuid(), sequence BIGINT, reference_type VARCHAR(30), reference_id UUID,
  kind VARCHAR(20) NOT NULL CHECK (kind IN ('TRADE','DEPOSIT','WITHDRAWAL','TRANSFER','ADJUSTMENT')),
  occurred_at TIMESTAMPTZ NOT NULL DEFAULT now());
CREATE TABLE IF NOT EXISTS ledger_entries (
  entry_id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, journal_id UUID NOT NULL REFERENCES ledger_journals(journal_id),
  account_id UUID REFERENCES accounts(account_id),                          -- null = the world outside the venue
  asset VARCHAR(10) NOT NULL, amount DECIMAL(24,8) NOT NULL CHECK (amount <> 0),
  reason VARCHAR(20) NOT NULL DEFAULT 'PRINCIPAL' CHECK (reason IN ('PRINCIPAL','FEE')), balance_after DECIMAL(24,8));
CREATE INDEX IF NOT EXISTS idx_ledger_journal ON ledger_entries (journal_id);
CREATE INDEX IF NOT EXISTS idx_ledger_account ON ledger_entries (account_id, asset, entry_id);

-- audit, delivery, exactly-once
CREATE TABLE IF NOT EXISTS audit_events (
  seq BIGINT PRIMARY KEY CHECK (seq > 0), occurred_at TIMESTAMPTZ NOT NULL, actor VARCHAR(255) NOT NULL,
  action VARCHAR(100) NOT NULL, entity_type VARCHAR(50) NOT NULL, entity_id VARCHAR(100) NOT NULL, account_id UUID,
  correlation_id VARCHAR(64), payload JSONB NOT NULL DEFAULT '{}', prev_hash CHAR(64) NOT NULL, hash CHAR(64) NOT NULL UNIQUE);
CREATE INDEX IF NOT EXISTS idx_audit_account ON audit_events (account_id, seq);
CREATE INDEX IF NOT EXISTS idx_audit_entity ON audit_events (entity_type, entity_id, seq);
CREATE INDEX IF NOT EXISTS idx_audit_correlation ON audit_events (correlation_id) WHERE correlation_id IS NOT NULL;
CREATE TABLE IF NOT EXISTS projection_positions (                           -- last command applied; same transaction
  projection VARCHAR(50) PRIMARY KEY, world_id VARCHAR(64) NOT NULL, last_sequence BIGINT NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now());
CREATE TABLE IF NOT EXISTS idempotency_keys (
  account_id UUID NOT NULL REFERENCES accounts(account_id), idem_key VARCHAR(255) NOT NULL, request_hash CHAR(64) NOT NULL,
  http_status INT, response JSONB, created_at TIMESTAMPTZ NOT NULL DEFAULT now(), expires_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (account_id, idem_key));
CREATE TABLE IF NOT EXISTS outbox (                                         -- at-least-once delivery to other services
  outbox_id UUID PRIMARY KEY DEFAULT gen_random_uuid(), destination VARCHAR(50) NOT NULL, topic VARCHAR(100) NOT NULL,
  payload JSONB NOT NULL, attempts INT NOT NULL DEFAULT 0, next_attempt_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  delivered_at TIMESTAMPTZ, last_error VARCHAR(500), created_at TIMESTAMPTZ NOT NULL DEFAULT now());
CREATE INDEX IF NOT EXISTS idx_outbox_pending ON outbox (next_attempt_at) WHERE delivered_at IS NULL;

-- rules the database keeps by itself
CREATE OR REPLACE FUNCTION forbid_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$;
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_journals
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE OR REPLACE FUNCTION assert_journal_balanced() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM ledger_entries e WHERE e.journal_id = NEW.journal_id) OR EXISTS (
     SELECT 1 FROM ledger_entries e WHERE e.journal_id = NEW.journal_id GROUP BY e.asset HAVING sum(e.amount) <> 0) THEN
    RAISE EXCEPTION 'ledger journal % does not balance', NEW.journal_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS journal_balanced ON ledger_journals;
CREATE CONSTRAINT TRIGGER journal_balanced AFTER INSERT ON ledger_journals
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION assert_journal_balanced();

-- each view lists violations only: no rows = the invariant holds
CREATE OR REPLACE VIEW v_ledger_violations AS
  SELECT account_id, asset, coalesce(b.total, 0) AS balance_total, coalesce(l.total, 0) AS ledger_total
  FROM (SELECT account_id, symbol AS asset, total_balance AS total FROM balances) b
  FULL JOIN (SELECT account_id, asset, sum(amount) AS total FROM ledger_entries
             WHERE account_id IS NOT NULL GROUP BY 1, 2) l USING (account_id, asset)
  WHERE coalesce(b.total, 0) <> coalesce(l.total, 0);
CREATE OR REPLACE VIEW v_reservation_violations AS
  SELECT account_id, asset, coalesce(b.locked, 0) AS locked, coalesce(o.reserved, 0) AS reserved
  FROM (SELECT account_id, symbol AS asset, locked_balance AS locked FROM balances) b
  FULL JOIN (SELECT account_id, reserved_asset AS asset, sum(reserved_amount) AS reserved FROM orders
             WHERE reserved_amount > 0 GROUP BY 1, 2) o USING (account_id, asset)
  JOIN accounts a USING (account_id)
  WHERE a.role <> 'SIMULATED' AND coalesce(b.locked, 0) <> coalesce(o.reserved, 0);
CREATE OR REPLACE VIEW v_conservation_violations AS
  SELECT asset, sum(amount) AS drift FROM ledger_entries GROUP BY asset HAVING sum(amount) <> 0;
CREATE OR REPLACE FUNCTION health_check() RETURNS TABLE (schema_name TEXT, table_count BIGINT, status TEXT)
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
  SELECT current_schema()::TEXT, count(*), CASE WHEN count(*) >= 18 THEN 'healthy' ELSE 'incomplete' END
  FROM information_schema.tables t WHERE t.table_schema = current_schema() AND t.table_type = 'BASE TABLE' $$;

-- default rows
INSERT INTO assets (asset, display_name, decimals) VALUES ('BTC','Bitcoin',8), ('ETH','Ether',8), ('SOL','Solana',8),
  ('ADA','Cardano',6), ('DOT','Polkadot',8), ('USD','US dollar',2), ('USDT','Tether',6) ON CONFLICT DO NOTHING;
INSERT INTO instruments (symbol, base_asset, quote_asset, tick_size, lot_size, min_size, max_size, min_notional) VALUES
  ('BTC/USD','BTC','USD',0.01,0.00001,0.0001,100,5), ('ETH/USD','ETH','USD',0.01,0.0001,0.001,2000,5),
  ('ADA/USD','ADA','USD',0.0001,0.1,1,2000000,5), ('SOL/USD','SOL','USD',0.01,0.001,0.01,20000,5),
  ('DOT/USD','DOT','USD',0.001,0.01,0.1,200000,5), ('USDT/USD','USDT','USD',0.0001,0.01,1,1000000,5),
  ('BTC/USDT','BTC','USDT',0.01,0.00001,0.0001,100,5), ('ETH/USDT','ETH','USDT',0.01,0.0001,0.001,2000,5),
  ('ETH/BTC','ETH','BTC',0.00001,0.001,0.001,2000,0.0001) ON CONFLICT DO NOTHING;
INSERT INTO fee_tiers (tier, symbol, maker_fee_rate, taker_fee_rate) VALUES ('venue','*',0,0), ('simulated','*',0,0)
  ON CONFLICT DO NOTHING;

-- grants, only where the role exists (PGlite has no login roles)
DO $$
DECLARE s TEXT := current_schema(); r TEXT := 'exchange_adapter';
BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = r) THEN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', s, r);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO %I', s, r);
    EXECUTE format('REVOKE UPDATE, DELETE ON %I.audit_events, %I.ledger_journals, %I.ledger_entries FROM %I', s, s, s, r);
    EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA %I TO %I', s, r);
    EXECUTE format('GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA %I TO %I', s, r);
  END IF;
END $$;
INSERT INTO schema_migrations (version, name) VALUES (1, 'exchange') ON CONFLICT DO NOTHING;
