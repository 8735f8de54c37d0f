-- People write several messages in a minute: the order of reply windows is kept by minutes, and only a new one moves a chat within it.
ALTER TABLE conversation ADD COLUMN window_minute INTEGER; -- window_from_ms / 60000
UPDATE conversation SET window_minute = window_from_ms / 60000 WHERE window_from_ms IS NOT NULL;
DROP INDEX conversation_by_window;
CREATE INDEX conversation_by_window ON conversation (window_minute, conversation_id, account_id) WHERE window_minute IS NOT NULL;

-- Walks go by minutes from now on: what is left of one that was begun, with what was told of it.
ALTER TABLE window_walk RENAME COLUMN from_ms TO minute;
UPDATE window_walk SET minute = minute / 60000, conversation_id = 0;
