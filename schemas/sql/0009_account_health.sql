-- How each account is at its provider: a row for each thing that can be well or not, as the latest word about it has it.
CREATE TABLE account_health (
  account_id     INTEGER NOT NULL REFERENCES account (account_id),
  aspect         TEXT NOT NULL, -- quality, token, subscription, …
  subject        TEXT NOT NULL DEFAULT '', -- which of several: of an alert its kind
  state          TEXT NOT NULL, -- one word, the provider's in lower case or ours
  severity       TEXT NOT NULL CONSTRAINT account_health_severity_known CHECK (severity IN ('ok', 'warning', 'error')),
  cause          TEXT NOT NULL DEFAULT '', -- a sentence for the operator
  next_step      TEXT NOT NULL DEFAULT '', -- what the operator does about it
  until_ms       INTEGER, -- when it ends by itself; of a good token: when it stops being good
  since_ms       INTEGER NOT NULL, -- when it came to be as it is
  told_at_ms     INTEGER NOT NULL, -- of the latest word, by the clock of who told it
  heard_at_ms    INTEGER NOT NULL, -- and by ours
  source         TEXT NOT NULL CONSTRAINT account_health_source_known CHECK (source IN ('webhook', 'check', 'deskbridge')),
  CONSTRAINT account_health_key PRIMARY KEY (account_id, aspect, subject)
) STRICT, WITHOUT ROWID;

-- When the provider is asked how an account is.
CREATE TABLE account_check (
  account_id     INTEGER NOT NULL CONSTRAINT account_check_key PRIMARY KEY REFERENCES account (account_id),
  checked_at_ms  INTEGER, -- when all was asked last; NULL: never
  tried_at_ms    INTEGER,
  next_at_ms     INTEGER NOT NULL,
  with_hook      INTEGER NOT NULL DEFAULT 0 CONSTRAINT account_check_with_hook_bool CHECK (with_hook IN (0, 1)), -- our hook is called too
  failures       INTEGER NOT NULL DEFAULT 0, -- in a row
  problem        TEXT NOT NULL DEFAULT ''    -- why the latest try failed
) STRICT;

-- Customers' messages, counted by account and hour: what is normal, and when the latest came.
CREATE TABLE inbound_hour (
  account_id     INTEGER NOT NULL REFERENCES account (account_id),
  hour_ms        INTEGER NOT NULL, -- its beginning, UTC
  messages       INTEGER NOT NULL,
  last_at_ms     INTEGER NOT NULL,
  CONSTRAINT inbound_hour_key PRIMARY KEY (account_id, hour_ms)
) STRICT, WITHOUT ROWID;
INSERT INTO inbound_hour (account_id, hour_ms, messages, last_at_ms)
SELECT account_id, received_at_ms - received_at_ms % 3600000, count(*), max(received_at_ms)
FROM message WHERE direction = 'in' AND message_id > (SELECT max(message_id) FROM message) - 200000 -- a second's work at most
GROUP BY account_id, received_at_ms - received_at_ms % 3600000;
