import { Kysely, PostgresDialect } from 'kysely'
import type { Log } from '#src/kernel/log.ts'
import { createListener } from './listener.ts'
import { migrate } from './migrate.ts'
import { createPool } from './pool.ts'
import type { Database } from './schema.ts'
import type { Store } from './store.ts'

export interface StoreOptions {
  readonly url: string
  /** Most connections at once; one more is held for LISTEN. */
  readonly poolSize: number
  readonly log: Log
}

const applicationName = 'helix'

export function createStore({ url, poolSize, log }: StoreOptions): Store {
  const { pool, check, figures } = createPool({ url, size: poolSize, log, applicationName })
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
  const listener = createListener({ url, log, applicationName })
  return {
    db,
    migrate: () => migrate({ url, applicationName, migrations: new URL('migrations/', import.meta.url), table: 'kysely_migration' }),
    listen: (channel, onNotify) => listener.listen(channel, onNotify),
    check,
    figures,
    async close() {
      await listener.close()
      await db.destroy()
    },
  }
}
