-- Lists of transfers, journals and keys are read newest first, in pages that start behind a row.
CREATE INDEX IF NOT EXISTS idx_transfers_from ON transfers (from_account_id, created_at DESC, transfer_id DESC)
  WHERE from_account_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS idx_transfers_to ON transfers (to_account_id, created_at DESC, transfer_id DESC)
  WHERE to_account_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS idx_transfers_created_at ON transfers (created_at DESC, transfer_id DESC);
CREATE INDEX IF NOT EXISTS idx_ledger_journals_occurred_at ON ledger_journals (occurred_at DESC, journal_id DESC);
CREATE INDEX IF NOT EXISTS idx_ledger_journals_reference ON ledger_journals (reference_id) WHERE reference_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS idx_idempotency_keys_expires_at ON idempotency_keys (expires_at);
