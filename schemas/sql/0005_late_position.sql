-- On screen messages stand in commit sequence; one that came late is inserted where it belongs by the provider's time.
ALTER TABLE message ADD COLUMN position INTEGER; -- of a late one; NULL: message_id * 4194304, after all that came before
CREATE INDEX message_inserted ON message (ticket_id, position, message_id) WHERE position IS NOT NULL;
