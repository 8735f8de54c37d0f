-- Addresses of which the channel has told whether what is sent there arrives. A value that ends with '/' is the beginning of several.
CREATE TABLE reach (
  account_id INTEGER NOT NULL REFERENCES account (account_id),
  kind       TEXT NOT NULL,
  value      TEXT NOT NULL,
  barrier    TEXT CONSTRAINT reach_barrier_known CHECK (barrier IN ('blocked', 'connection_ended', 'replies_not_allowed')), -- NULL: none
  told_at_ms INTEGER NOT NULL, -- provider's time: what is older changes nothing
  CONSTRAINT reach_unique PRIMARY KEY (account_id, kind, value)
) STRICT, WITHOUT ROWID;
