-- Reply windows as deadlines: from their opening to their closing, what is told of them, and tickets in the order of their ends.
ALTER TABLE conversation ADD COLUMN window_opened_at_ms INTEGER; -- NULL: it is closed, and that has been told
ALTER TABLE conversation ADD COLUMN window_told_at_ms INTEGER; -- since its opening the customer was asked to write, or that was withheld
UPDATE conversation SET window_opened_at_ms = window_from_ms
  WHERE contact_id IS NOT NULL AND window_from_ms > CAST(strftime('%s', 'now') AS INTEGER) * 1000 - 86400000;
CREATE INDEX conversation_by_window ON conversation (window_from_ms, conversation_id, account_id) WHERE window_from_ms IS NOT NULL;

-- How far the windows that come to a mark have been walked through, in the order in which they began.
CREATE TABLE window_walk (
  window_s       INTEGER NOT NULL, -- length of the channel's window
  left_s         INTEGER NOT NULL, -- the mark: what is left of it then
  from_ms        INTEGER NOT NULL, -- the last one: its window_from_ms
  conversation_id INTEGER NOT NULL, -- and which of those it was; 0: before the first
  CONSTRAINT window_walk_key PRIMARY KEY (window_s, left_s)
) STRICT, WITHOUT ROWID;
