-- What threading wants to know of a chat's latest messages stands in the index: their rows lie scattered over the whole table.
DROP INDEX message_by_conversation;
CREATE INDEX message_by_conversation ON message (conversation_id, message_id, direction, ticket_id, actor_kind, purpose, command, matter,
  provider_at_ms, received_at_ms) WHERE purpose <> 'history';
