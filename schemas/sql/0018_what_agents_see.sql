-- What agents see of customers and of what is said to them: merges with their trace, adverts, free entry points, what messages cost.
ALTER TABLE contact ADD COLUMN merged_at_ms INTEGER;
ALTER TABLE contact ADD COLUMN merged_because TEXT NOT NULL DEFAULT ''; -- what proved that it is the same person

-- The advert or post from which a customer's message was written; it goes with the message into whatever ticket.
CREATE TABLE referral (
  message_id     INTEGER NOT NULL CONSTRAINT referral_key PRIMARY KEY REFERENCES message (message_id),
  source_type    TEXT NOT NULL, -- 'ad', 'post', in the provider's words
  source_id      TEXT NOT NULL,
  source_url     TEXT NOT NULL,
  headline       TEXT NOT NULL,
  body           TEXT NOT NULL
) STRICT;

-- After our first answer to somebody who wrote from an advert everything costs nothing for a while.
CREATE TABLE free_entry (
  conversation_id INTEGER NOT NULL CONSTRAINT free_entry_key PRIMARY KEY REFERENCES conversation (conversation_id),
  referred_at_ms INTEGER, -- of the message that our answer is waited for; NULL: none
  answer_within_s INTEGER NOT NULL, -- the channel's, when it was written
  lasts_s        INTEGER NOT NULL,
  until_ms       INTEGER  -- while it lasts, and until its end is told; NULL: it has not begun
) STRICT;
CREATE INDEX free_entry_end ON free_entry (until_ms) WHERE until_ms IS NOT NULL;

-- Messages from an account's number whose price the provider told, by calendar month (UTC).
CREATE TABLE monthly_cost (
  account_id     INTEGER NOT NULL REFERENCES account (account_id),
  month          TEXT NOT NULL, -- '2026-11'
  cost_class     TEXT NOT NULL,
  messages       INTEGER NOT NULL,
  CONSTRAINT monthly_cost_key PRIMARY KEY (account_id, month, cost_class)
) STRICT, WITHOUT ROWID;
