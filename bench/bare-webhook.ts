import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import pg from 'pg'

/** What the inbox is measured against: a bare Fastify route that does one INSERT for each request, and nothing else: no signature, no replay. */
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 })
await pool.query('CREATE TABLE bare (id uuid PRIMARY KEY, type text NOT NULL, payload json NOT NULL, at timestamptz NOT NULL)')
const app = Fastify()
app.post('/webhook/zapier', async ({ headers, body }) => {
  const id = randomUUID()
  await pool.query({
    name: 'insert',
    text: 'INSERT INTO bare VALUES ($1, $2, $3, now())',
    values: [id, headers['x-zapier-event'], JSON.stringify(body)],
  })
  return { status: 'success', message: 'taken', event_id: id }
})
await app.listen({ port: 0, host: '127.0.0.1' })
process.send?.({ port: (app.server.address() as AddressInfo).port })
