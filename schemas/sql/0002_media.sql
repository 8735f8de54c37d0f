-- Fetching files: whose they are and what they turned out to be. What is due is asked for per account.
ALTER TABLE media ADD COLUMN account_id INTEGER REFERENCES account (account_id);
ALTER TABLE media ADD COLUMN content_type TEXT NOT NULL DEFAULT ''; -- told by the bytes; '' until they are here
UPDATE media SET account_id = (SELECT account_id FROM message WHERE message.message_id = media.message_id);
DROP INDEX media_due;
CREATE INDEX media_waiting ON media (account_id, next_at_ms) WHERE state = 'recorded';
