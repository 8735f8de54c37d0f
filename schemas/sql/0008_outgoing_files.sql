-- Files that agents brought in to be sent. One becomes an attachment of a message, under the same number, when it is replied
-- with; `media` and this table draw from one sequence, so that a number never means two files.
CREATE TABLE outgoing_file (
  attachment_id  INTEGER PRIMARY KEY,
  actor_kind     TEXT NOT NULL,
  actor_id       INTEGER, -- agent_id
  file_name      TEXT NOT NULL,
  mime_type      TEXT NOT NULL, -- as announced
  content_type   TEXT NOT NULL, -- told by the bytes
  sha256         TEXT NOT NULL, -- names the file in the media folder
  size_bytes     INTEGER NOT NULL,
  brought_at_ms  INTEGER NOT NULL,
  message_id     INTEGER REFERENCES message (message_id) -- that it went with; NULL: it waits
) STRICT;
CREATE INDEX outgoing_file_by_message ON outgoing_file (message_id) WHERE message_id IS NOT NULL;

-- Ids that providers gave to files of ours: while one lives, the file need not be uploaded again.
CREATE TABLE provider_file (
  account_id     INTEGER NOT NULL REFERENCES account (account_id),
  sha256         TEXT NOT NULL,
  content_type   TEXT NOT NULL,
  external_id    TEXT NOT NULL,
  lives_until_ms INTEGER NOT NULL,
  intent_id      INTEGER NOT NULL REFERENCES intent (intent_id), -- for which it was uploaded
  CONSTRAINT provider_file_key PRIMARY KEY (account_id, sha256, content_type)
) STRICT, WITHOUT ROWID;
CREATE INDEX provider_file_by_intent ON provider_file (intent_id);
