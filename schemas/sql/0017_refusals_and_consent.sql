-- What an error means, in our sentence for agents; the provider's own words stay beside it.
ALTER TABLE intent ADD COLUMN error_sentence TEXT NOT NULL DEFAULT '';

-- The same for what receipts say, and two more reasons: the person, and the template.
CREATE TABLE receipt_new (
  receipt_id     INTEGER PRIMARY KEY,
  account_id     INTEGER NOT NULL REFERENCES account (account_id),
  external_id    TEXT NOT NULL,
  token          TEXT NOT NULL DEFAULT '',
  intent_id      INTEGER REFERENCES intent (intent_id),
  status         TEXT NOT NULL CONSTRAINT receipt_status_known CHECK (status IN ('sent', 'delivered', 'read', 'played', 'failed')),
  error_code     INTEGER,
  error_title    TEXT NOT NULL DEFAULT '',
  error_sentence TEXT NOT NULL DEFAULT '',
  because        TEXT NOT NULL DEFAULT '' CONSTRAINT receipt_because_known
                   CHECK (because IN ('', 'message', 'window_closed', 'account', 'opted_out', 'person', 'template')), -- of 'failed'
  provider_at_ms INTEGER NOT NULL,
  received_at_ms INTEGER NOT NULL,
  price_category TEXT NOT NULL DEFAULT '',
  price_type     TEXT NOT NULL DEFAULT '',
  billable       INTEGER -- 0, 1; NULL: it does not say
) STRICT;
INSERT INTO receipt_new (receipt_id, account_id, external_id, token, intent_id, status, error_code, error_title, because, provider_at_ms,
                         received_at_ms, price_category, price_type, billable)
SELECT receipt_id, account_id, external_id, token, intent_id, status, error_code, error_title, because, provider_at_ms,
       received_at_ms, price_category, price_type, billable
FROM receipt;
DROP TABLE receipt;
ALTER TABLE receipt_new RENAME TO receipt;
CREATE INDEX receipt_parked ON receipt (account_id, external_id) WHERE intent_id IS NULL;
CREATE INDEX receipt_parked_age ON receipt (received_at_ms) WHERE intent_id IS NULL;
CREATE INDEX receipt_by_intent ON receipt (intent_id) WHERE intent_id IS NOT NULL;

-- Whether a customer wants marketing from a number, as the latest word about it has it.
CREATE TABLE marketing_choice (
  account_id     INTEGER NOT NULL REFERENCES account (account_id),
  contact_id     INTEGER NOT NULL REFERENCES contact (contact_id),
  wanted         INTEGER NOT NULL CONSTRAINT marketing_choice_wanted_bool CHECK (wanted IN (0, 1)),
  source         TEXT NOT NULL CONSTRAINT marketing_choice_source_known CHECK (source IN ('customer', 'refusal')),
  told_at_ms     INTEGER NOT NULL, -- by the provider's clock
  heard_at_ms    INTEGER NOT NULL, -- and by ours
  CONSTRAINT marketing_choice_key PRIMARY KEY (account_id, contact_id)
) STRICT, WITHOUT ROWID;

-- A ban, restrictions and violations stand beside each other: none of them ends another.
UPDATE account_health SET subject = CASE state WHEN 'restricted' THEN 'restriction' WHEN 'violation' THEN 'violation' ELSE 'ban' END,
  until_ms = CASE state WHEN 'violation' THEN told_at_ms + 30 * 86400000 ELSE until_ms END
WHERE aspect = 'standing' AND state IN ('restricted', 'violation', 'disabled', 'to_be_disabled', 'reinstated');

-- Nobody writes to a number that is not configured any more, and nobody wonders.
UPDATE account_health SET state = 'not_watched', severity = 'ok', cause = '', next_step = ''
WHERE aspect = 'silence' AND severity <> 'ok' AND account_id IN (SELECT account_id FROM account WHERE configured = 0);
