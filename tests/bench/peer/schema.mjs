// The peer's tables: what threading needs, the raw body, and the indexes that its own queries use.
export const schema = `
CREATE TABLE IF NOT EXISTS webhook (
  webhook_id INTEGER PRIMARY KEY,
  received_at_ms INTEGER NOT NULL,
  body BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS contact (
  contact_id INTEGER PRIMARY KEY,
  wa_id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  last_seen_ms INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS ticket (
  ticket_id INTEGER PRIMARY KEY,
  contact_id INTEGER NOT NULL REFERENCES contact (contact_id),
  reference TEXT NOT NULL UNIQUE,
  status TEXT NOT NULL,
  subject TEXT NOT NULL,
  opened_at_ms INTEGER NOT NULL,
  last_activity_ms INTEGER NOT NULL,
  unseen INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX IF NOT EXISTS ticket_by_contact ON ticket (contact_id, ticket_id);
CREATE INDEX IF NOT EXISTS ticket_by_status ON ticket (status, last_activity_ms);
CREATE TABLE IF NOT EXISTS message (
  message_id INTEGER PRIMARY KEY,
  external_id TEXT NOT NULL UNIQUE,
  ticket_id INTEGER NOT NULL REFERENCES ticket (ticket_id),
  contact_id INTEGER NOT NULL REFERENCES contact (contact_id),
  webhook_id INTEGER NOT NULL REFERENCES webhook (webhook_id),
  direction TEXT NOT NULL,
  type TEXT NOT NULL,
  text TEXT NOT NULL,
  provider_at_ms INTEGER NOT NULL,
  received_at_ms INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS message_by_ticket ON message (ticket_id, message_id);
`
