import { promises as fs } from 'node:fs'
import path from 'node:path'
import { Kysely, PostgresDialect } from 'kysely'
import { FileMigrationProvider, Migrator } from 'kysely/migration'
import pg from 'pg'

/** Any constant: whoever migrates this database holds this advisory lock. */
const lock = 7_264_105_331

/**
 * Runs the migrations that are missing and answers their names. Waits while another process does so; each runs in a transaction.
 * On connections of its own, as a migration may take longer than a statement otherwise may.
 */
export async function migrate(url: string): Promise<readonly string[]> {
  const guard = new pg.Client({ connectionString: url, application_name: 'helix-migrate' })
  await guard.connect()
  try {
    await guard.query('SELECT pg_advisory_lock($1)', [lock])
    return await runMissing(url)
  } finally {
    await guard.end() // The lock ends with its session.
  }
}

async function runMissing(url: string): Promise<readonly string[]> {
  const pool = new pg.Pool({ connectionString: url, max: 2, application_name: 'helix-migrate' })
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  try {
    const migrationFolder = path.join(import.meta.dirname, 'migrations')
    const { error, results } = await new Migrator({
      db,
      provider: new FileMigrationProvider({ fs, path, migrationFolder }),
    }).migrateToLatest()
    if (error) throw error
    return (results ?? []).filter((each) => each.status === 'Success').map((each) => each.migrationName)
  } finally {
    await db.destroy()
  }
}
