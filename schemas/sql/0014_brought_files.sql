-- Which kind of message a file may be, beyond its type: see form_of in core/media.hpp.
ALTER TABLE outgoing_file ADD COLUMN form TEXT NOT NULL DEFAULT '';
-- Brought in, and sent with nothing for too long: nobody can send it any more. The row stays, for its number is never given again.
ALTER TABLE outgoing_file ADD COLUMN discarded_at_ms INTEGER;
ALTER TABLE outgoing_file ADD COLUMN removed_at_ms INTEGER; -- its bytes are gone too, or are others' as well
CREATE INDEX outgoing_file_waiting ON outgoing_file (brought_at_ms) WHERE message_id IS NULL AND discarded_at_ms IS NULL;
CREATE INDEX outgoing_file_discarded ON outgoing_file (attachment_id) WHERE discarded_at_ms IS NOT NULL AND removed_at_ms IS NULL;
CREATE INDEX outgoing_file_by_content ON outgoing_file (sha256);
CREATE INDEX media_by_content ON media (sha256) WHERE sha256 IS NOT NULL;
