-- What a ticket was before it became part of another one: without it a merge could not be undone.
CREATE TABLE ticket_merge (
  merge_id       INTEGER PRIMARY KEY,
  ticket_id      INTEGER NOT NULL REFERENCES ticket (ticket_id), -- became part of the other one
  into_ticket_id INTEGER NOT NULL REFERENCES ticket (ticket_id),
  at_ms          INTEGER NOT NULL, -- also of the placements that moved its messages
  status         TEXT NOT NULL CONSTRAINT ticket_merge_status_known
                   CHECK (status IN ('new', 'open', 'pending', 'on_hold', 'solved', 'closed')),
  last_step      TEXT NOT NULL,
  last_step_at_ms INTEGER NOT NULL,
  acknowledgement_due INTEGER NOT NULL CONSTRAINT ticket_merge_acknowledgement_due_bool CHECK (acknowledgement_due IN (0, 1)),
  into_unanswered_agent_at_ms INTEGER, -- of the other one, before it took over
  undone_at_ms   INTEGER
) STRICT;

CREATE UNIQUE INDEX ticket_merge_standing ON ticket_merge (ticket_id) WHERE undone_at_ms IS NULL;
