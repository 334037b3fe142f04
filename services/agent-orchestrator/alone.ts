import { type QueryExecutorProvider, sql } from 'kysely'

/** True for one transaction of this database at a time; the others are told at once, and do not wait. */
export async function isAlone(tx: QueryExecutorProvider, what: string): Promise<boolean> {
  const { rows } = await sql<{ held: boolean }>`SELECT pg_try_advisory_xact_lock(hashtextextended(${what}, 0)) AS held`.execute(tx)
  return rows[0]?.held ?? false
}
