// One transaction for each webhook: the raw body, then every message that is new, threaded into its contact's open ticket.
import { randomInt } from 'node:crypto'
import Database from 'better-sqlite3'
import { schema } from './schema.mjs'

const reopenWindowMs = 72 * 3600 * 1000

export function openStore(file) {
  const db = new Database(file)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('foreign_keys = ON')
  db.pragma('cache_size = -16384')
  db.exec(schema)

  const insertWebhook = db.prepare('INSERT INTO webhook (received_at_ms, body) VALUES (?, ?)')
  const isKnown = db.prepare('SELECT 1 FROM message WHERE external_id = ?').pluck()
  const upsertContact = db.prepare(`INSERT INTO contact (wa_id, name, last_seen_ms) VALUES (?, ?, ?)
    ON CONFLICT (wa_id) DO UPDATE SET name = excluded.name, last_seen_ms = excluded.last_seen_ms RETURNING contact_id`).pluck()
  const newestTicket = db.prepare('SELECT ticket_id, status, last_activity_ms FROM ticket WHERE contact_id = ? ORDER BY ticket_id DESC LIMIT 1')
  const insertTicket = db.prepare(`INSERT INTO ticket (contact_id, reference, status, subject, opened_at_ms, last_activity_ms)
    VALUES (?, ?, 'new', ?, ?, ?) ON CONFLICT (reference) DO NOTHING RETURNING ticket_id`).pluck()
  const touchTicket = db.prepare('UPDATE ticket SET status = ?, last_activity_ms = ?, unseen = 1 WHERE ticket_id = ?')
  const insertMessage = db.prepare(`INSERT INTO message
    (external_id, ticket_id, contact_id, webhook_id, direction, type, text, provider_at_ms, received_at_ms)
    VALUES (?, ?, ?, ?, 'in', ?, ?, ?, ?) ON CONFLICT (external_id) DO NOTHING`)

  function openTicket(contact, text, now) {
    for (;;) {
      const ticket = insertTicket.get(contact, String(randomInt(10_000_000, 100_000_000)), text.slice(0, 80), now, now)
      if (ticket !== undefined) return ticket
    }
  }

  function placeTicket(contact, text, now) {
    const newest = newestTicket.get(contact)
    const fits = newest && newest.status !== 'closed' &&
      (newest.status !== 'solved' || now - newest.last_activity_ms <= reopenWindowMs)
    if (!fits) return openTicket(contact, text, now)
    touchTicket.run(newest.status === 'new' ? 'new' : 'open', now, newest.ticket_id)
    return newest.ticket_id
  }

  function take(message, name, webhook, now) {
    if (isKnown.get(message.id)) return
    const text = message.text?.body ?? ''
    const contact = upsertContact.get(message.from, name, now)
    const ticket = placeTicket(contact, text, now)
    insertMessage.run(message.id, ticket, contact, webhook, message.type, text, Number(message.timestamp) * 1000, now)
  }

  const takeWebhook = db.transaction((raw, messages, now) => {
    const webhook = insertWebhook.run(now, raw).lastInsertRowid
    for (const { message, name } of messages) take(message, name, webhook, now)
  })

  return {
    takeWebhook: takeWebhook.immediate,
    versions: () => ({ sqlite: db.prepare('SELECT sqlite_version()').pluck().get(), synchronous: db.pragma('synchronous', { simple: true }) }),
    close: () => db.close(),
  }
}
