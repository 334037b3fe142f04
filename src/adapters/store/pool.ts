import pg from 'pg'
import { type Clock, systemClock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import { createMuteWatch, type MuteWatch } from './mute-watch.ts'

export interface PoolDeps {
  /** `postgresql://` */
  readonly url: string
  /** The most connections at once. They are made when needed and closed when idle. */
  readonly size: number
  readonly log: Log
  /** What the server's own list of connections shows. */
  readonly applicationName: string
  readonly clock?: Clock | undefined
}

export interface StorePool {
  readonly pool: pg.Pool
  /** Whatever waits for this server is to wait by it. */
  readonly muteWatch: MuteWatch
  /** A round trip on a connection of the pool. Rejects where the database cannot be reached, or does not answer within two seconds. */
  check(): Promise<void>
  figures(): Readonly<Record<'size' | 'open' | 'idle' | 'waiting', number>>
  close(): Promise<void>
}

/**
 * Nothing waits for the database without end, in ms: a connection, a statement (by the server, and by the client where its
 * connection is cut without a word), and
 * a transaction that its process leaves open: a stopped one must not hold its rows against the process that takes over.
 */
export const limits = { connectMs: 5_000, statementMs: 15_000, muteMs: 20_000, idleTransactionMs: 4_000, idleMs: 30_000 } as const

// `query_timeout` is in ms and pg's own, so that a connection into the void is given up and replaced. https://node-postgres.com/apis/client
const CHECK_MS = 2_000
const CHECK = { text: 'SELECT 1', query_timeout: CHECK_MS } as const

/** Connections to PostgreSQL. None is made before the first query, and a server that went away is no error until then: the next query tries anew. */
export function createPool({ url, size, log, applicationName, clock = systemClock() }: PoolDeps): StorePool {
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    application_name: applicationName,
    keepAlive: true,
    connectionTimeoutMillis: limits.connectMs,
    statement_timeout: limits.statementMs,
    query_timeout: limits.muteMs,
    idle_in_transaction_session_timeout: limits.idleTransactionMs,
    idleTimeoutMillis: limits.idleMs,
  })
  // Without a listener each of these would end the process: an idle connection that breaks, and one that is in use.
  pool.on('error', (error) => log.warn({ reason: error.message }, 'lost an idle database connection'))
  pool.on('connect', (client) => client.on('error', (error) => log.debug({ reason: error.message }, 'a database connection broke')))

  /** Any answer is one, a refusal too; only silence is none. */
  async function answers(): Promise<boolean> {
    const client = new pg.Client({
      connectionString: url,
      application_name: `${applicationName}-watch`,
      connectionTimeoutMillis: CHECK_MS,
      query_timeout: CHECK_MS,
    })
    client.on('error', () => {}) // Whatever was asked rejects.
    try {
      await client.connect()
      await client.query(CHECK)
      return true
    } catch (error) {
      return !isSilence(error)
    } finally {
      // A server that is mute does not say goodbye either.
      client.end().catch((error: Error) => log.debug({ reason: error.message }, 'a database connection did not close'))
    }
  }
  const muteWatch = createMuteWatch({ answers, clock, log })

  return {
    pool,
    muteWatch,
    async check() {
      await pool.query(CHECK)
    },
    figures: () => ({ size, open: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    close: () => {
      muteWatch.stop()
      return pool.end()
    },
  }
}

/** pg's own time-outs have no code. */
function isSilence(error: unknown): boolean {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown }
  return code === 'ETIMEDOUT' || (code === undefined && /timeout/i.test(String(message)))
}
