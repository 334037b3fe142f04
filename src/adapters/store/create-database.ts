import { Kysely, PostgresDialect } from 'kysely'
import { type Clock, systemClock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Tracing } from '#src/tracing/tracing.ts'
import { createListener, type Listener } from './listener.ts'
import { migrate } from './migrate.ts'
import { createPool } from './pool.ts'
import { waryPool } from './wary-pool.ts'

export interface DatabaseOptions {
  /** `postgresql://` */
  readonly url: string
  /** Most connections at once; one more is held for LISTEN, where it is used. */
  readonly size: number
  readonly log: Log
  /** As in the folder's name: `agent-orchestrator`. What ran is kept in `agent_orchestrator_migration`. */
  readonly applicationName: string
  /** `new URL('migrations/', import.meta.url)` */
  readonly migrations: URL
  readonly clock?: Clock
  readonly tracing?: Tracing
}

/** A service's own tables. As a component it is up once they are up to date. */
export interface ServiceDatabase<Tables> extends Pick<Listener, 'listen'> {
  /**
   * Its first query waits for the migrations. What cannot be asked now throws UpstreamError (a 503 for who called); what PostgreSQL refuses
   * (a unique key) stays its own error, with its SQLSTATE in `code`.
   */
  readonly db: Kysely<Tables>
  /** Resolves when the tables are up to date. Rejects where this try failed; others follow by themselves. */
  migrated(): Promise<void>
  check(): Promise<void>
  figures(): Readonly<Record<'size' | 'open' | 'idle' | 'waiting', number>>
  close(): Promise<void>
}

/** How long to wait before the database is asked again, in ms: doubled each time. */
const patience = { firstMs: 250, mostMs: 5_000 } as const

/** PostgreSQL for one service. A database that is away at the start is asked again until it is there, and migrated then. */
export function createDatabase<Tables>(options: DatabaseOptions): ServiceDatabase<Tables> {
  const { url, log, applicationName, migrations, clock = systemClock(), tracing } = options
  const table = `${applicationName.replaceAll('-', '_')}_migration`
  const { pool, muteWatch, check, figures } = createPool({ ...options, clock })
  const listener = createListener({ url, log, applicationName })
  const closed = new AbortController()
  let done = false
  let current: Promise<void> | undefined

  async function bringUpToDate(): Promise<void> {
    const ran = await migrate({ url, applicationName, migrations, table })
    done = true
    if (ran.length > 0) log.info({ migrated: ran }, 'the tables were brought up to date')
  }

  function migrated(): Promise<void> {
    if (done) return Promise.resolve()
    current ??= bringUpToDate().finally(() => {
      current = undefined
    })
    return current
  }

  async function tryUntilDone(): Promise<void> {
    let said = ''
    for (let waitMs: number = patience.firstMs; !closed.signal.aborted; waitMs = Math.min(waitMs * 2, patience.mostMs)) {
      const failure = await migrated().then(
        () => undefined,
        (error: Error) => error,
      )
      if (!failure) return
      if (failure.message !== said) log.warn({ err: failure }, 'the tables cannot be brought up to date yet: trying again until they can')
      said = failure.message
      await clock.sleep(waitMs, closed.signal)
    }
  }

  const trying = tryUntilDone()
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: waryPool({ pool, muteWatch, before: migrated, tracing }) }) })
  return {
    db,
    migrated,
    figures,
    listen: (channel, onNotify) => listener.listen(channel, onNotify),
    async check() {
      await migrated()
      await check()
    },
    async close() {
      closed.abort()
      muteWatch.stop()
      await trying
      await listener.close()
      await db.destroy()
      if (!pool.ended) await pool.end()
    },
  }
}
