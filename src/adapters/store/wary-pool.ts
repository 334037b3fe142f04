import type { PostgresPool, PostgresPoolClient } from 'kysely'
import type pg from 'pg'
import { UpstreamError } from '#src/kernel/errors.ts'
import type { Tracing } from '#src/tracing/tracing.ts'
import type { MuteWatch } from './mute-watch.ts'

export interface WaryPool {
  readonly pool: pg.Pool
  readonly muteWatch: MuteWatch
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
export function waryPool({
  pool,
  muteWatch,
  before = async () => {},
  translate = (_error, fault) => fault,
  tracing,
}: WaryPool): PostgresPool {
  function traced(sql: string, query: () => Promise<unknown>) {
    if (!tracing) return query()
    // The statement has placeholders where the values go: it tells nothing of what people wrote.
    const attributes = { 'db.system.name': 'postgresql', 'db.query.text': sql.slice(0, 1_000) }
    const name = sql.slice(0, sql.indexOf(' ') < 0 ? 20 : sql.indexOf(' ')).toUpperCase()
    return tracing.span(name, { kind: 'client', attributes }, query)
  }

  function wary(client: pg.PoolClient) {
    /**
     * Of a server that gave no answer: whatever follows (the ROLLBACK) fails in the same way, and nobody else gets the connection. A transaction
     * may have begun on it, and what others would write within that were never committed.
     */
    let lost: { readonly error: unknown } | undefined

    async function query(sql: string, parameters: readonly unknown[]) {
      if (lost) throw lost.error
      let sent = false
      try {
        return await muteWatch.answer(() => {
          sent = true
          return client.query(sql, [...parameters])
        })
      } catch (error) {
        if (!isAway(error)) throw error
        const fault = translate(error, unreachable('query', sent ? 'ambiguous' : 'refused', error))
        lost = { error: fault }
        throw fault
      }
    }

    return {
      query: (sql: string, parameters: readonly unknown[]) => traced(sql, () => query(sql, parameters)),
      release: (destroy?: boolean) => client.release(destroy === true || lost !== undefined),
    }
  }

  async function connect(): Promise<pg.PoolClient> {
    const connecting = before().then(() => pool.connect())
    try {
      return await muteWatch.answer(() => connecting)
    } catch (error) {
      // Nobody waits for it any more.
      connecting.then(
        (client) => client.release(),
        () => {},
      )
      throw translate(error, unreachable('connect', 'refused', error))
    }
  }

  return {
    options: pool.options,
    end() {
      muteWatch.stop()
      return pool.end()
    },
    connect: async () => wary(await connect()) as unknown as PostgresPoolClient, // Without its cursors, which nobody uses.
  }
}

/** What its UpstreamErrors call the database. */
export const provider = 'PostgreSQL'

/** Connection errors have no SQLSTATE: those of the system (ECONNRESET), and pg's own words without any code. */
function isAway(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  if (code === undefined) return error instanceof Error && /connection|timeout/i.test(error.message)
  return typeof code === 'string' && (AWAY.test(code) || !SQLSTATE.test(code))
}

function unreachable(operation: string, outcome: 'refused' | 'ambiguous', cause: unknown): UpstreamError {
  const sent = outcome === 'ambiguous'
  const fault = { provider, operation, retryable: !sent, outcome, ...(!sent && { reached: false as const }) } as const
  const sentence = sent
    ? 'The database does not answer. What was asked may have been done.'
    : 'The database cannot be reached at the moment.'
  return new UpstreamError(sentence, fault, { cause })
}
