-- What the latest message from the business phone found in its ticket. If it turns out to be one of our own, whose answer came after it, the ticket
-- gets this back.
CREATE TABLE echo_mark (
  ticket_id      INTEGER NOT NULL CONSTRAINT echo_mark_key PRIMARY KEY REFERENCES ticket (ticket_id),
  message_id     INTEGER NOT NULL, -- the echo; its row is gone when this is read
  at_ms          INTEGER NOT NULL, -- of what it left there
  status         TEXT NOT NULL,
  unseen         INTEGER NOT NULL CONSTRAINT echo_mark_unseen_bool CHECK (unseen IN (0, 1)),
  last_step      TEXT NOT NULL,
  last_step_at_ms INTEGER NOT NULL,
  unanswered_agent_at_ms INTEGER,
  last_activity_ms INTEGER NOT NULL,
  timer_due_at_ms INTEGER, -- NULL: no acknowledgement was waiting
  timer_deadline_ms INTEGER,
  timer_detail   TEXT NOT NULL DEFAULT ''
) STRICT;
