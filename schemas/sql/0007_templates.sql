-- Messages that a provider approves beforehand, as its list tells them; and how that list stands.
CREATE TABLE template (
  template_id    INTEGER PRIMARY KEY,
  account_id     INTEGER NOT NULL REFERENCES account (account_id),
  external_id    TEXT NOT NULL DEFAULT '',
  name           TEXT NOT NULL,
  language       TEXT NOT NULL, -- as the provider spells it
  category       TEXT NOT NULL DEFAULT '',
  status         TEXT NOT NULL, -- the provider's word in lower case; 'deleted' also of what its list lacks
  quality        TEXT NOT NULL DEFAULT '',
  reason         TEXT NOT NULL DEFAULT '', -- of a rejection or a pause
  named          INTEGER NOT NULL DEFAULT 0 CONSTRAINT template_named_bool CHECK (named IN (0, 1)),
  components     TEXT NOT NULL DEFAULT '[]', -- JSON array
  listed_at_ms   INTEGER NOT NULL, -- when the provider's list held it last
  changed_at_ms  INTEGER NOT NULL, -- when we learnt of its latest change
  CONSTRAINT template_name_unique UNIQUE (account_id, name, language)
) STRICT;

CREATE INDEX template_by_external ON template (account_id, external_id);

CREATE TABLE template_list (
  account_id     INTEGER NOT NULL CONSTRAINT template_list_key PRIMARY KEY REFERENCES account (account_id),
  synced_at_ms   INTEGER, -- when it was complete last; NULL: never
  tried_at_ms    INTEGER,
  next_at_ms     INTEGER NOT NULL,
  failures       INTEGER NOT NULL DEFAULT 0, -- in a row
  problem        TEXT NOT NULL DEFAULT ''    -- why the latest try failed
) STRICT;
