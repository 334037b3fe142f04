import { promises as fs } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Kysely, PostgresDialect } from 'kysely'
import { FileMigrationProvider, Migrator } from 'kysely/migration'
import pg from 'pg'

export interface Migration {
  readonly url: string
  readonly applicationName: string
  /** The folder of `0001-….ts`, each with `up` (and none goes down). */
  readonly migrations: URL
  /** Where it is kept which of them ran: several programs share one database. */
  readonly table: string
}

const CONNECT_MS = 5_000

/**
 * Runs the migrations that are missing and answers their names. Waits while another process does so; each runs in a transaction.
 * On connections of its own, as a migration may take longer than a statement otherwise may.
 */
export async function migrate({ url, applicationName, migrations, table }: Migration): Promise<readonly string[]> {
  const connection = { connectionString: url, application_name: `${applicationName}-migrate`, connectionTimeoutMillis: CONNECT_MS }
  const guard = new pg.Client(connection)
  guard.on('error', () => {}) // Its next query, or the migrations' own, rejects.
  try {
    await guard.connect()
    // Any constant of its own: whoever migrates these tables holds this advisory lock.
    await guard.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [table])
    return await runMissing(new pg.Pool({ ...connection, max: 2 }), migrations, table)
  } finally {
    await guard.end() // The lock ends with its session.
  }
}

async function runMissing(pool: pg.Pool, migrations: URL, table: string): Promise<readonly string[]> {
  pool.on('error', () => {}) // An idle connection that breaks; whatever needs one rejects.
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  try {
    const { error, results } = await new Migrator({
      db,
      provider: new FileMigrationProvider({ fs, path, migrationFolder: fileURLToPath(migrations) }),
      migrationTableName: table,
      migrationLockTableName: `${table}_lock`,
    }).migrateToLatest()
    if (error) throw error
    return (results ?? []).filter((each) => each.status === 'Success').map((each) => each.migrationName)
  } finally {
    await db.destroy()
  }
}
