import { type Kysely, type QueryExecutorProvider, sql, type Transaction } from 'kysely'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Streams } from './streams.ts'

/** One message that must leave because something was committed. */
export interface Told {
  readonly channel: string
  readonly message: Readonly<Record<string, unknown>>
}

/** Notes messages for whoever they are about; messages about one subject leave in the order in which they were noted. */
export type Tell = (subject: string, ...told: readonly Told[]) => void

export interface Outbox<Tables> {
  /** A transaction whose messages leave if, and only if, it commits: at once where Redis is there, later where it is not. */
  transaction<Result>(work: (tx: Transaction<Tables>, tell: Tell) => Promise<Result>): Promise<Result>
  start(): void
  /** Lets a turn that is under way end. What is left is sent by whoever runs next. */
  stop(): Promise<void>
  /** How many messages waited when it was last looked, up to `limits.counted`. */
  figures(): { readonly unsent: number }
}

export interface OutboxParts<Tables> {
  readonly db: Kysely<Tables>
  /** `schema.table`, made by `createOutboxTable`. */
  readonly table: string
  readonly streams: Pick<Streams, 'publish'>
  readonly clock: Clock
  readonly log: Log
}

/** How often it is looked without being told, and how long after a failure, in ms; how many messages one turn sends; how far they are counted. */
export const limits = { idleMs: 2_000, firstRetryMs: 250, lastRetryMs: 5_000, batch: 200, counted: 10_000 } as const

/** For a migration. `json`, not `jsonb`: fields keep their order on the wire. */
export async function createOutboxTable(db: QueryExecutorProvider, table: string): Promise<void> {
  await sql`CREATE TABLE ${sql.table(table)} (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, subject text NOT NULL, channel text NOT NULL, message json NOT NULL)`.execute(db)
}

/**
 * Messages written in the same transaction as what they tell of, relayed to the streams by one process at a time. Each leaves at least
 * once: a process that dies between sending and noting it down sends again.
 */
export function createOutbox<Tables>({ db, table, streams, clock, log }: OutboxParts<Tables>): Outbox<Tables> {
  const stopping = new AbortController()
  const name = sql.table(table)
  let nap = new AbortController()
  let awake = false
  let running: Promise<void> | undefined
  let unsent = 0
  let failures = 0

  function wake(): void {
    awake = true
    nap.abort()
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      awake = false
      const restMs = await turn().catch(afterFailure)
      nap = new AbortController()
      if (!awake && restMs > 0) await clock.sleep(restMs, AbortSignal.any([nap.signal, stopping.signal]))
    }
  }

  /** Answers how long to rest, in ms. */
  async function turn(): Promise<number> {
    const { sent, failure } = await db.transaction().execute(relay)
    if (failure !== undefined) throw failure
    if (failures > 0) log.info({ table }, 'messages leave again')
    failures = 0
    if (sent < limits.batch) unsent = 0
    return sent < limits.batch ? limits.idleMs : 0
  }

  /** The lock ends with the transaction. Of each subject the messages are sent one after the other, up to the first that fails. */
  async function relay(tx: QueryExecutorProvider): Promise<{ readonly sent: number; readonly failure?: unknown }> {
    const lock = await sql<{ held: boolean }>`SELECT pg_try_advisory_xact_lock(hashtextextended(${table}, 0)) AS held`.execute(tx)
    if (!lock.rows[0]?.held) return { sent: 0 }
    const { rows } = await sql<Row>`SELECT id, subject, channel, message FROM ${name} ORDER BY id LIMIT ${limits.batch}`.execute(tx)
    const sent: string[] = []
    const outcomes = await Promise.allSettled(
      [...Map.groupBy(rows, ({ subject }) => subject).values()].map(async (messages) => {
        for (const { id, channel, message } of messages) {
          await streams.publish(channel, message)
          sent.push(id)
        }
      }),
    )
    if (sent.length > 0) await sql`DELETE FROM ${name} WHERE id = ANY(${sent}::bigint[])`.execute(tx)
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    return { sent: sent.length, ...(failed && { failure: failed.reason }) }
  }

  async function afterFailure(error: unknown): Promise<number> {
    if (failures === 0) log.warn({ err: error, table }, 'messages cannot leave: they are kept and sent later')
    failures += 1
    unsent = await waiting().catch(() => unsent) // The database may be what is away: then the last count stands.
    return Math.min(limits.lastRetryMs, limits.firstRetryMs * 2 ** Math.min(failures - 1, 10))
  }

  async function waiting(): Promise<number> {
    const { rows } = await sql<{ many: number }>`
      SELECT count(*)::int AS many FROM (SELECT FROM ${name} LIMIT ${limits.counted}) AS counted`.execute(db)
    return rows[0]?.many ?? 0
  }

  return {
    async transaction(work) {
      const noted: { readonly subject: string; readonly told: Told }[] = []
      const result = await db.transaction().execute(async (tx) => {
        const done = await work(tx, (subject, ...told) => noted.push(...told.map((each) => ({ subject, told: each }))))
        // Last, while the rows they tell of are locked: so their order is the order of the changes.
        if (noted.length > 0) await insert(tx, noted)
        return done
      })
      if (noted.length > 0) wake()
      return result
    },
    start() {
      running ??= run()
    },
    async stop() {
      stopping.abort()
      await running
    },
    figures: () => ({ unsent }),
  }

  async function insert(tx: QueryExecutorProvider, noted: readonly { readonly subject: string; readonly told: Told }[]): Promise<void> {
    const values = noted.map(({ subject, told }) => sql`(${subject}, ${told.channel}, ${JSON.stringify(told.message)}::json)`)
    await sql`INSERT INTO ${name} (subject, channel, message) VALUES ${sql.join(values)}`.execute(tx)
  }
}

interface Row {
  readonly id: string
  readonly subject: string
  readonly channel: string
  readonly message: Readonly<Record<string, unknown>>
}
