// server.mjs PORT FILE SECRET: WhatsApp webhooks into tickets, the way a good developer writes it in an afternoon.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fastify from 'fastify'
import { openStore } from './store.mjs'

const [port, file, secret] = process.argv.slice(2)
const store = openStore(file)
const app = fastify({ logger: false, bodyLimit: 4 * 1024 * 1024, keepAliveTimeout: 75_000 })

app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => done(null, body))

function authentic(raw, header) {
  const announced = Buffer.from(header ?? '')
  const expected = Buffer.from('sha256=' + createHmac('sha256', secret).update(raw).digest('hex'))
  return announced.length === expected.length && timingSafeEqual(announced, expected)
}

function messagesOf(webhook) {
  const out = []
  for (const entry of webhook.entry ?? [])
    for (const { field, value } of entry.changes ?? []) {
      if (field !== 'messages') continue
      for (const message of value.messages ?? [])
        out.push({ message, name: value.contacts?.find(contact => contact.wa_id === message.from)?.profile?.name ?? '' })
    }
  return out
}

app.post('/hooks/support', (request, reply) => {
  if (!authentic(request.body, request.headers['x-hub-signature-256'])) return reply.code(401).send()
  let webhook
  try {
    webhook = JSON.parse(request.body)
  } catch {
    return reply.code(400).send()
  }
  store.takeWebhook(request.body, messagesOf(webhook), Date.now())
  reply.code(200).send()
})

const versionOf = name => JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url))).version
app.get('/readyz', (request, reply) => reply.send('ok'))
app.get('/versions', (request, reply) => reply.send({
  node: process.version, fastify: versionOf('fastify'), better_sqlite3: versionOf('better-sqlite3'), ...store.versions(),
}))

process.on('SIGTERM', async () => {
  await app.close()
  store.close()
  process.exit(0)
})
await app.listen({ port: Number(port), host: '127.0.0.1' })
