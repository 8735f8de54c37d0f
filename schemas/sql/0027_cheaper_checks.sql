-- The rest of what 0016 made cheaper; no row and no rule changes. A CHECK, or the condition of an index, on a list of more than two words
-- builds a table in memory for each row that is written; a chain of OR compares.

DROP INDEX intent_deadline;
CREATE INDEX intent_deadline ON intent (not_after_ms) WHERE state = 'queued' OR state = 'retry_wait' OR state = 'kept';

CREATE TABLE contact_new (
  contact_id     INTEGER PRIMARY KEY,
  name           TEXT NOT NULL DEFAULT '',
  username       TEXT NOT NULL DEFAULT '',
  language       TEXT, -- NULL: the account's default
  language_set_by TEXT NOT NULL DEFAULT 'default' CONSTRAINT contact_language_set_by_known
                   CHECK (language_set_by = 'default' OR language_set_by = 'country' OR language_set_by = 'detected'
                          OR language_set_by = 'customer' OR language_set_by = 'agent'),
  stopped_at_ms  INTEGER, -- opted out of proactive messages
  flagged        TEXT,    -- something agents should know: 'identity_changed', 'number_recycled'
  merged_into    INTEGER REFERENCES contact (contact_id),
  created_at_ms  INTEGER NOT NULL,
  merged_at_ms   INTEGER,
  merged_because TEXT NOT NULL DEFAULT ''
) STRICT;
INSERT INTO contact_new SELECT * FROM contact;
DROP TABLE contact;
ALTER TABLE contact_new RENAME TO contact;
CREATE INDEX contact_merged ON contact (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE receipt_new (
  receipt_id     INTEGER PRIMARY KEY,
  account_id     INTEGER NOT NULL REFERENCES account (account_id),
  external_id    TEXT NOT NULL,
  token          TEXT NOT NULL DEFAULT '',
  intent_id      INTEGER REFERENCES intent (intent_id),
  status         TEXT NOT NULL CONSTRAINT receipt_status_known
                   CHECK (status = 'sent' OR status = 'delivered' OR status = 'read' OR status = 'played' OR status = 'failed'),
  error_code     INTEGER,
  error_title    TEXT NOT NULL DEFAULT '',
  error_sentence TEXT NOT NULL DEFAULT '',
  because        TEXT NOT NULL DEFAULT '' CONSTRAINT receipt_because_known -- of 'failed'
                   CHECK (because = '' OR because = 'message' OR because = 'window_closed' OR because = 'account'
                          OR because = 'opted_out' OR because = 'person' OR because = 'template'),
  provider_at_ms INTEGER NOT NULL,
  received_at_ms INTEGER NOT NULL,
  price_category TEXT NOT NULL DEFAULT '',
  price_type     TEXT NOT NULL DEFAULT '',
  billable       INTEGER -- 0, 1; NULL: it does not say
) STRICT;
INSERT INTO receipt_new SELECT * FROM receipt;
DROP TABLE receipt;
ALTER TABLE receipt_new RENAME TO receipt;
CREATE INDEX receipt_parked ON receipt (account_id, external_id) WHERE intent_id IS NULL;
CREATE INDEX receipt_parked_age ON receipt (received_at_ms) WHERE intent_id IS NULL;
CREATE INDEX receipt_by_intent ON receipt (intent_id) WHERE intent_id IS NOT NULL;
