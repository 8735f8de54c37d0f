-- On whose word an account does not send: what the provider refused is tried again at a start, what a person decided is not.
ALTER TABLE account ADD COLUMN paused_by TEXT CONSTRAINT account_paused_by_known CHECK (paused_by IN ('provider', 'agent', 'restore'));
UPDATE account SET paused_by = CASE paused_reason WHEN 'credentials' THEN 'provider' WHEN 'restored' THEN 'restore' ELSE 'agent' END
WHERE paused_reason IS NOT NULL;

-- The same word for what a receipt says: it is the account that was refused, not always its credentials.
CREATE TABLE receipt_new (
  receipt_id     INTEGER PRIMARY KEY,
  account_id     INTEGER NOT NULL REFERENCES account (account_id),
  external_id    TEXT NOT NULL,
  token          TEXT NOT NULL DEFAULT '',
  intent_id      INTEGER REFERENCES intent (intent_id),
  status         TEXT NOT NULL CONSTRAINT receipt_status_known CHECK (status IN ('sent', 'delivered', 'read', 'played', 'failed')),
  error_code     INTEGER,
  error_title    TEXT NOT NULL DEFAULT '',
  because        TEXT NOT NULL DEFAULT '' CONSTRAINT receipt_because_known
                   CHECK (because IN ('', 'message', 'window_closed', 'account', 'opted_out')), -- of 'failed'
  provider_at_ms INTEGER NOT NULL,
  received_at_ms INTEGER NOT NULL
) STRICT;
INSERT INTO receipt_new
SELECT receipt_id, account_id, external_id, token, intent_id, status, error_code, error_title,
       CASE because WHEN 'credentials' THEN 'account' ELSE because END, provider_at_ms, received_at_ms
FROM receipt;
DROP TABLE receipt;
ALTER TABLE receipt_new RENAME TO receipt;
CREATE INDEX receipt_parked ON receipt (account_id, external_id) WHERE intent_id IS NULL;
CREATE INDEX receipt_parked_age ON receipt (received_at_ms) WHERE intent_id IS NULL;
CREATE INDEX receipt_by_intent ON receipt (intent_id);
