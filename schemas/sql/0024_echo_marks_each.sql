-- What each of the latest messages from the business phone found in its ticket, for any of them may turn out to be one of our own, in any order.
CREATE TABLE echo_mark_new (
  ticket_id      INTEGER NOT NULL REFERENCES ticket (ticket_id),
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
  timer_detail   TEXT NOT NULL DEFAULT '',
  CONSTRAINT echo_mark_key PRIMARY KEY (ticket_id, message_id)
) STRICT, WITHOUT ROWID;
INSERT INTO echo_mark_new (ticket_id, message_id, at_ms, status, unseen, last_step, last_step_at_ms, unanswered_agent_at_ms, last_activity_ms,
  timer_due_at_ms, timer_deadline_ms, timer_detail)
SELECT ticket_id, message_id, at_ms, status, unseen, last_step, last_step_at_ms, unanswered_agent_at_ms, last_activity_ms,
  timer_due_at_ms, timer_deadline_ms, timer_detail FROM echo_mark;
DROP TABLE echo_mark;
ALTER TABLE echo_mark_new RENAME TO echo_mark;
