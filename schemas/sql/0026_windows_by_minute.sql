-- People write several messages in a minute: the order of reply windows is kept by minutes, and only a new one moves a chat within it.
ALTER TABLE conversation ADD COLUMN window_minute INTEGER; -- window_from_ms / 60000
UPDATE conversation SET window_minute = window_from_ms / 60000 WHERE window_from_ms IS NOT NULL;
DROP INDEX conversation_by_window;
CREATE INDEX conversation_by_window ON conversation (window_minute, account_id) WHERE window_minute IS NOT NULL;
