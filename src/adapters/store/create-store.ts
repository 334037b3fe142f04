import { Kysely, PostgresDialect } from 'kysely'
import type { UpstreamError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import { createListener } from './listener.ts'
import { migrate } from './migrate.ts'
import { createPool } from './pool.ts'
import type { Database } from './schema.ts'
import type { Store } from './store.ts'
import { waryPool } from './wary-pool.ts'

export interface StoreOptions {
  readonly url: string
  /** Most connections at once; one more is held for LISTEN. */
  readonly poolSize: number
  readonly log: Log
}

const applicationName = 'helix'

export function createStore({ url, poolSize, log }: StoreOptions): Store {
  const { pool, muteWatch, check, figures } = createPool({ url, size: poolSize, log, applicationName })
  // Who is in the middle of an operation must not take the database for Railway, so its errors stay what they are, and are only known.
  const away = new WeakMap<object, UpstreamError>()
  const translate = (error: unknown, fault: UpstreamError) => {
    if (typeof error === 'object' && error !== null) away.set(error, fault)
    return error
  }
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: waryPool({ pool, muteWatch, translate }) }) })
  const listener = createListener({ url, log, applicationName })
  return {
    db,
    migrate: () => migrate({ url, applicationName, migrations: new URL('migrations/', import.meta.url), table: 'kysely_migration' }),
    listen: (channel, onNotify) => listener.listen(channel, onNotify),
    check,
    figures,
    awayFault: (error) => (typeof error === 'object' && error !== null ? away.get(error) : undefined),
    async close() {
      await listener.close()
      await db.destroy()
    },
  }
}
