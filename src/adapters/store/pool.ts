import { Pool } from 'pg'
import type { Log } from '#src/kernel/log.ts'

export interface PoolDeps {
  /** `postgresql://` */
  readonly url: string
  /** The most connections at once. They are made when needed and closed when idle. */
  readonly size: number
  readonly log: Log
  /** What the server's own list of connections shows. */
  readonly applicationName?: string
}

export interface StorePool {
  readonly pool: Pool
  /** A round trip on a connection of the pool. Rejects where the database cannot be reached. */
  check(): Promise<void>
  figures(): { readonly size: number; readonly open: number; readonly idle: number; readonly waiting: number }
  close(): Promise<void>
}

// `query_timeout` is pg's: milliseconds. https://node-postgres.com/apis/client
const CHECK = { text: 'select 1', query_timeout: 2_000 } as const

/** PostgreSQL connections. Nothing is connected before the first query, and a lost server is no error until then: the next query tries anew. */
export function createPool({ url, size, log, applicationName = 'helix' }: PoolDeps): StorePool {
  const pool = new Pool({
    connectionString: url,
    max: size,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    application_name: applicationName,
  })
  // Without a listener, the loss of an idle connection would end the process.
  pool.on('error', (err) => log.warn({ err }, 'an idle PostgreSQL connection was lost'))

  return {
    pool,
    async check() {
      // Its own limit, so that a connection into the void is given up and replaced.
      await pool.query(CHECK)
    },
    figures: () => ({ size, open: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    close: () => pool.end(),
  }
}
