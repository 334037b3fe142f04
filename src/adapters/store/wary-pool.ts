import type { PostgresPool, PostgresPoolClient } from 'kysely'
import type pg from 'pg'
import { UpstreamError } from '#src/kernel/errors.ts'
import type { Tracing } from '#src/tracing/tracing.ts'

export interface WaryPool {
  readonly pool: pg.Pool
  /** Done before a connection is handed out. */
  readonly before?: () => Promise<void>
  /** What is thrown in place of an error which means that the database cannot be asked. Left out: its UpstreamError. */
  readonly translate?: (error: unknown, fault: UpstreamError) => unknown
  readonly tracing?: Tracing | undefined
}

/** SQLSTATE classes that are the server's state and no fault of the query: connection, resources, shut-down. https://www.postgresql.org/docs/18/errcodes-appendix.html */
const AWAY = /^(08|53|57P)/
const SQLSTATE = /^[0-9A-Z]{5}$/

/** The pool as Kysely uses it: whatever means that the database cannot be asked becomes an UpstreamError. */
export function waryPool({ pool, before = async () => {}, translate = (_error, fault) => fault, tracing }: WaryPool): PostgresPool {
  async function query(client: pg.PoolClient, sql: string, parameters: readonly unknown[]) {
    try {
      return await client.query(sql, [...parameters])
    } catch (error) {
      throw isAway(error) ? translate(error, unreachable('query', 'ambiguous', error)) : error
    }
  }

  function traced(client: pg.PoolClient, sql: string, parameters: readonly unknown[]) {
    if (!tracing) return query(client, sql, parameters)
    // The statement has placeholders where the values go: it tells nothing of what people wrote.
    const attributes = { 'db.system.name': 'postgresql', 'db.query.text': sql.slice(0, 1_000) }
    const name = sql.slice(0, sql.indexOf(' ') < 0 ? 20 : sql.indexOf(' ')).toUpperCase()
    return tracing.span(name, { kind: 'client', attributes }, () => query(client, sql, parameters))
  }

  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await before()
        .then(() => pool.connect())
        .catch((error: unknown) => {
          throw translate(error, unreachable('connect', 'refused', error))
        })
      const wary = {
        query: (sql: string, parameters: readonly unknown[]) => traced(client, sql, parameters),
        release: (destroy?: boolean) => client.release(destroy),
      }
      return wary as unknown as PostgresPoolClient // Without its cursors, which nobody uses.
    },
  }
}

/** Connection errors have no SQLSTATE: those of the system (ECONNRESET), and pg's own words without any code. */
function isAway(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  if (code === undefined) return error instanceof Error && /connection|timeout/i.test(error.message)
  return typeof code === 'string' && (AWAY.test(code) || !SQLSTATE.test(code))
}

function unreachable(operation: string, outcome: 'refused' | 'ambiguous', cause: unknown): UpstreamError {
  const sent = outcome === 'ambiguous'
  const fault = { provider: 'PostgreSQL', operation, retryable: !sent, outcome, ...(!sent && { reached: false as const }) } as const
  return new UpstreamError('The database cannot be reached at the moment. Try again soon.', fault, { cause })
}
