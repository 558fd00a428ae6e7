-- Histories are read by the numbers that the venue counts with, in pages that start behind a number.
ALTER TABLE transfers ADD COLUMN IF NOT EXISTS transfer_seq BIGINT;
ALTER TABLE ledger_entries ADD COLUMN IF NOT EXISTS reference_id UUID;    -- the account's own side: a trade or a transfer
ALTER TABLE tape ADD COLUMN IF NOT EXISTS taker_order_seq BIGINT;         -- what one order took at one price is one aggregate
CREATE UNIQUE INDEX IF NOT EXISTS uq_transfers_seq ON transfers (transfer_seq);
CREATE INDEX IF NOT EXISTS idx_transfers_from_seq ON transfers (from_account_id, transfer_seq DESC)
  WHERE from_account_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS idx_transfers_to_seq ON transfers (to_account_id, transfer_seq DESC)
  WHERE to_account_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS idx_orders_account_seq ON orders (account_id, order_seq DESC, order_id DESC);
CREATE INDEX IF NOT EXISTS idx_orders_account_client ON orders (account_id, client_order_id, order_seq DESC);
CREATE INDEX IF NOT EXISTS idx_trades_account_seq ON trades (account_id, trade_seq DESC, trade_id DESC);
CREATE INDEX IF NOT EXISTS idx_ledger_account_entry ON ledger_entries (account_id, entry_id DESC)
  WHERE account_id IS NOT NULL;
-- The order that another one replaced may be older than the history that a database begins with.
ALTER TABLE orders DROP CONSTRAINT IF EXISTS orders_replaces_order_id_fkey;
