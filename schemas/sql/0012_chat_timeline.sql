-- Whole chats on screen: what was inserted into them out of commit sequence, their history among it.
CREATE INDEX message_inserted_in_chat ON message (conversation_id, position, message_id) WHERE position IS NOT NULL;
-- What was written before the account was connected is read by people alone: whoever walks a chat backwards must not step over it.
DROP INDEX message_by_conversation;
CREATE INDEX message_by_conversation ON message (conversation_id, message_id) WHERE purpose <> 'history';
