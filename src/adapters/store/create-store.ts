import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import type { Log } from '#src/kernel/log.ts'
import { createListener } from './listener.ts'
import { migrate } from './migrate.ts'
import type { Database } from './schema.ts'
import type { Store } from './store.ts'

export interface StoreOptions {
  readonly url: string
  /** Most connections at once; one more is held for LISTEN. */
  readonly poolSize: number
  readonly log: Log
}

/**
 * Nothing waits for the database without end, in ms: a connection, a statement (by the server, and by the client where it is mute), and
 * a transaction that its process leaves open: a stopped one must not hold its rows against the process that takes over.
 */
export const limits = { connectMs: 5_000, statementMs: 15_000, muteMs: 20_000, idleTransactionMs: 4_000 } as const

export function createStore({ url, poolSize, log }: StoreOptions): Store {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    application_name: 'helix',
    keepAlive: true,
    connectionTimeoutMillis: limits.connectMs,
    statement_timeout: limits.statementMs,
    query_timeout: limits.muteMs,
    idle_in_transaction_session_timeout: limits.idleTransactionMs,
  })
  // An idle connection that breaks would otherwise end the process; the pool has dropped it already.
  pool.on('error', (error) => log.warn({ reason: error.message }, 'lost an idle database connection'))
  // A connection that breaks while it is checked out: its query rejects, and nobody else listens to the client's own event.
  pool.on('connect', (client) => client.on('error', (error) => log.debug({ reason: error.message }, 'a database connection broke')))
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
  const listener = createListener({ url, log })
  return {
    db,
    migrate: () => migrate(url),
    listen: (channel, onNotify) => listener.listen(channel, onNotify),
    async check() {
      await sql`SELECT 1`.execute(db)
    },
    async close() {
      await listener.close()
      await db.destroy()
    },
  }
}
