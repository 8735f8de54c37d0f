-- What every message writes is made cheaper; no row and no rule changes.
-- A CHECK on a list of more than two words builds a table in memory for each row that is written; a chain of OR compares.
-- An unassigned ticket stands in one index of lists, not in two. A link of the journal to a contact is its key and nothing else.

CREATE TABLE ticket_new (
  ticket_id       INTEGER PRIMARY KEY AUTOINCREMENT,
  reference       TEXT NOT NULL CONSTRAINT ticket_reference_unique UNIQUE, -- digits only, with the check digit
  conversation_id INTEGER NOT NULL REFERENCES conversation (conversation_id),
  status          TEXT NOT NULL CONSTRAINT ticket_status_known
                    CHECK (status = 'new' OR status = 'open' OR status = 'pending' OR status = 'on_hold'
                           OR status = 'solved' OR status = 'closed'),
  subject         TEXT NOT NULL DEFAULT '',
  assignee_id     INTEGER REFERENCES agent (agent_id),
  follow_up_of    INTEGER REFERENCES ticket (ticket_id),
  merged_into     INTEGER REFERENCES ticket (ticket_id),
  summary         TEXT NOT NULL DEFAULT '', -- how it was solved, as told to the customer
  opened_at_ms    INTEGER NOT NULL,
  solved_at_ms    INTEGER,
  solved_notice_at_ms INTEGER, -- when the customer was told that it is solved
  last_activity_ms INTEGER NOT NULL, -- latest message of either side
  last_step       TEXT NOT NULL DEFAULT 'received' CONSTRAINT ticket_last_step_known
                    CHECK (last_step = 'received' OR last_step = 'taken_over' OR last_step = 'answered'
                           OR last_step = 'waiting_for_you' OR last_step = 'waiting_for_others' OR last_step = 'solved'
                           OR last_step = 'reopened' OR last_step = 'customer_wrote'),
  last_step_at_ms INTEGER NOT NULL,
  unanswered_agent_at_ms INTEGER, -- an agent's message (no automatic text) that the customer has not answered
  unseen          INTEGER NOT NULL DEFAULT 1 CONSTRAINT ticket_unseen_bool CHECK (unseen IN (0, 1)),
  acknowledged_at_ms INTEGER, -- the acknowledgement of the latest opening was queued
  reopen_count    INTEGER NOT NULL DEFAULT 0,
  version         INTEGER NOT NULL DEFAULT 1
) STRICT;
INSERT INTO sqlite_sequence (name, seq) SELECT 'ticket_new', seq FROM sqlite_sequence WHERE name = 'ticket';
INSERT INTO ticket_new SELECT * FROM ticket;
DROP TABLE ticket;
ALTER TABLE ticket_new RENAME TO ticket;
CREATE INDEX ticket_by_conversation ON ticket (conversation_id, ticket_id);
CREATE INDEX ticket_unassigned ON ticket (status, last_activity_ms, ticket_id) WHERE assignee_id IS NULL;
CREATE INDEX ticket_assigned ON ticket (status, last_activity_ms, ticket_id) WHERE assignee_id IS NOT NULL;
CREATE INDEX ticket_by_assignee ON ticket (assignee_id, status, last_activity_ms) WHERE assignee_id IS NOT NULL;

CREATE TABLE message_new (
  message_id      INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation_id INTEGER NOT NULL REFERENCES conversation (conversation_id),
  ticket_id       INTEGER REFERENCES ticket (ticket_id),
  account_id      INTEGER NOT NULL REFERENCES account (account_id),
  direction       TEXT NOT NULL CONSTRAINT message_direction_known CHECK (direction = 'in' OR direction = 'out' OR direction = 'note'),
  actor_kind      TEXT NOT NULL CONSTRAINT message_actor_kind_known
                    CHECK (actor_kind = 'customer' OR actor_kind = 'agent' OR actor_kind = 'phone_app'
                           OR actor_kind = 'system'),
  actor_id        INTEGER, -- agent_id or contact_id
  class           TEXT CONSTRAINT message_class_known CHECK (class = 'agent' OR class = 'answer' OR class = 'notice'), -- of direction 'out'
  purpose         TEXT NOT NULL DEFAULT '', -- of automatic texts: 'acknowledgement', 'status', 'solved', 'choice', …
  kind            TEXT NOT NULL,
  text            TEXT NOT NULL DEFAULT '',
  details         TEXT NOT NULL DEFAULT '', -- JSON; '' if none
  choice_id       TEXT NOT NULL DEFAULT '',
  external_id     TEXT,
  quoted_external_id TEXT,
  quoted_message_id  INTEGER REFERENCES message (message_id),
  provider_at_ms  INTEGER NOT NULL,
  received_at_ms  INTEGER NOT NULL,
  matter          INTEGER NOT NULL DEFAULT 1 CONSTRAINT message_matter_bool CHECK (matter IN (0, 1)),
  late            INTEGER NOT NULL DEFAULT 0 CONSTRAINT message_late_bool CHECK (late IN (0, 1)),
  command         TEXT NOT NULL DEFAULT '', -- what it was understood as: 'status', 'new', …
  deleted_at_ms   INTEGER,
  edited_at_ms    INTEGER,
  journal_id      INTEGER,
  position        INTEGER, -- of a late one; NULL: message_id * 4194304, after all that came before
  CONSTRAINT message_external_unique UNIQUE (account_id, external_id)
) STRICT;
INSERT INTO sqlite_sequence (name, seq) SELECT 'message_new', seq FROM sqlite_sequence WHERE name = 'message';
INSERT INTO message_new SELECT * FROM message;
DROP TABLE message;
ALTER TABLE message_new RENAME TO message;
CREATE INDEX message_by_ticket ON message (ticket_id, message_id);
CREATE INDEX message_inserted ON message (ticket_id, position, message_id) WHERE position IS NOT NULL;
CREATE INDEX message_by_quoted ON message (quoted_message_id) WHERE quoted_message_id IS NOT NULL;
CREATE INDEX message_inserted_in_chat ON message (conversation_id, position, message_id) WHERE position IS NOT NULL;
CREATE INDEX message_by_conversation ON message (conversation_id, message_id) WHERE purpose <> 'history';

CREATE TABLE intent_new (
  intent_id       INTEGER PRIMARY KEY AUTOINCREMENT,
  message_id      INTEGER NOT NULL REFERENCES message (message_id),
  conversation_id INTEGER NOT NULL REFERENCES conversation (conversation_id),
  account_id      INTEGER NOT NULL REFERENCES account (account_id),
  ticket_id       INTEGER REFERENCES ticket (ticket_id),
  part            INTEGER NOT NULL DEFAULT 0, -- 0, 1, … of the message it belongs to
  class           TEXT NOT NULL CONSTRAINT intent_class_known CHECK (class = 'agent' OR class = 'answer' OR class = 'notice'),
  state           TEXT NOT NULL CONSTRAINT intent_state_known
                    CHECK (state = 'held' OR state = 'queued' OR state = 'claimed' OR state = 'retry_wait'
                           OR state = 'unknown' OR state = 'kept' OR state = 'accepted' OR state = 'refused'
                           OR state = 'expired' OR state = 'cancelled'),
  state_reason    TEXT NOT NULL DEFAULT '',
  content         TEXT NOT NULL, -- JSON of OutboundContent
  supersedes_key  TEXT, -- of notices: a newer one with this key in the lane replaces an older one that is not on its way
  attempts        INTEGER NOT NULL DEFAULT 0,
  failures        INTEGER NOT NULL DEFAULT 0, -- certain ones in a row: the back-off's exponent
  next_at_ms      INTEGER NOT NULL,
  not_after_ms    INTEGER,
  unknown_since_ms INTEGER,
  external_id     TEXT,
  receipt         TEXT CONSTRAINT intent_receipt_known CHECK (receipt = 'sent' OR receipt = 'delivered' OR receipt = 'read' OR receipt = 'played'),
  receipt_at_ms   INTEGER,
  failed_at_ms    INTEGER, -- a `failed` receipt; beside the rank, never instead of it
  error_code      INTEGER,
  error_title     TEXT NOT NULL DEFAULT '',
  created_at_ms   INTEGER NOT NULL,
  settled_at_ms   INTEGER, -- nothing more is expected of it; also of unknown answers and notices
  CONSTRAINT intent_part_unique UNIQUE (message_id, part)
) STRICT;
INSERT INTO sqlite_sequence (name, seq) SELECT 'intent_new', seq FROM sqlite_sequence WHERE name = 'intent';
INSERT INTO intent_new SELECT * FROM intent;
DROP TABLE intent;
ALTER TABLE intent_new RENAME TO intent;
CREATE INDEX intent_lane ON intent (conversation_id, intent_id) WHERE settled_at_ms IS NULL;
CREATE INDEX intent_due ON intent (account_id, conversation_id, next_at_ms) WHERE state IN ('queued', 'retry_wait');
CREATE INDEX intent_next ON intent (next_at_ms) WHERE state IN ('queued', 'retry_wait');
CREATE INDEX intent_deadline ON intent (not_after_ms) WHERE state IN ('queued', 'retry_wait', 'kept');
CREATE INDEX intent_open ON intent (state, account_id, intent_id) WHERE settled_at_ms IS NULL;
CREATE INDEX intent_by_external ON intent (account_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX intent_by_ticket ON intent (ticket_id, intent_id);

CREATE TABLE attempt_new (
  token          TEXT NOT NULL CONSTRAINT attempt_key PRIMARY KEY,
  intent_id      INTEGER NOT NULL REFERENCES intent (intent_id),
  n              INTEGER NOT NULL,
  epoch          INTEGER NOT NULL REFERENCES epoch (epoch),
  account_id     INTEGER NOT NULL REFERENCES account (account_id),
  address_kind   TEXT NOT NULL,
  address_value  TEXT NOT NULL,
  begun_at_ms    INTEGER NOT NULL,
  ended_at_ms    INTEGER,
  outcome        TEXT CONSTRAINT attempt_outcome_known CHECK (outcome = 'accepted' OR outcome = 'not_sent' OR outcome = 'refused' OR outcome = 'unknown'),
  settled_by     TEXT NOT NULL DEFAULT '' CONSTRAINT attempt_settled_by_known
                   CHECK (settled_by = '' OR settled_by = 'answer' OR settled_by = 'receipt'
                           OR settled_by = 'presumption' OR settled_by = 'recovery' OR settled_by = 'agent'),
  external_id    TEXT,
  error_code     INTEGER,
  error_detail   TEXT NOT NULL DEFAULT '',
  CONSTRAINT attempt_n_unique UNIQUE (intent_id, n)
) STRICT;
INSERT INTO attempt_new SELECT * FROM attempt;
DROP TABLE attempt;
ALTER TABLE attempt_new RENAME TO attempt;
CREATE INDEX attempt_open ON attempt (token) WHERE outcome IS NULL;
CREATE INDEX attempt_by_external ON attempt (account_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX attempt_by_account ON attempt (account_id, intent_id);

CREATE TABLE journal_contact_new (
  journal_id     INTEGER NOT NULL REFERENCES journal (journal_id),
  contact_id     INTEGER NOT NULL REFERENCES contact (contact_id),
  CONSTRAINT journal_contact_key PRIMARY KEY (journal_id, contact_id)
) STRICT, WITHOUT ROWID;
INSERT INTO journal_contact_new SELECT * FROM journal_contact;
DROP TABLE journal_contact;
ALTER TABLE journal_contact_new RENAME TO journal_contact;
CREATE INDEX journal_contact_by_contact ON journal_contact (contact_id);
