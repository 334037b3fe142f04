import { type Kysely, type QueryExecutorProvider, sql, type Transaction } from 'kysely'
import type { Clock } from '#src/kernel/clock.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import { createLoop } from '#src/kernel/loop.ts'
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

export const limits = {
  /** How often it is looked without being told, and how soon again where another process was at it, in ms. */
  idleMs: 2_000,
  elsewhereMs: 50,
  /** How long after a failure, in ms: doubled each time. */
  firstRetryMs: 250,
  lastRetryMs: 5_000,
  /** How long whoever commits waits for its messages to leave, in ms. */
  patienceMs: 250,
  /** Messages that one turn sends, and how far those that wait are counted. */
  batch: 100,
  counted: 10_000,
  /** How long Redis remembers what it was sent. */
  onceSeconds: 3_600,
} as const

/** For a migration. `json`, not `jsonb`: fields keep their order on the wire. */
export async function createOutboxTable(db: QueryExecutorProvider, table: string): Promise<void> {
  await sql`CREATE TABLE ${sql.table(table)} (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key uuid NOT NULL DEFAULT gen_random_uuid(),
    subject text NOT NULL, channel text NOT NULL, message json NOT NULL)`.execute(db)
}

/**
 * Messages written in the same transaction as what they tell of, relayed to the streams by one process at a time. Each leaves, and once: one
 * that was sent but not noted down is sent again under its key, by which Redis knows it for an hour.
 */
export function createOutbox<Tables>({ db, table, streams, clock, log }: OutboxParts<Tables>): Outbox<Tables> {
  const name = sql.table(table)
  let runs = false
  let unsent = 0
  let failures = 0
  /** The first turn that has not begun. */
  let next = Promise.withResolvers<void>()

  const loop = createLoop(async () => {
    const current = next
    next = Promise.withResolvers()
    const restMs = await turn().catch(afterFailure)
    current.resolve()
    return restMs
  }, clock)

  /** Sent by the time it is answered, as far as Redis is there: who asks next finds its event told. Nobody waits for an outage. */
  async function hurry(): Promise<void> {
    if (!runs || failures > 0) return
    const enough = new AbortController()
    loop.wake()
    await Promise.race([next.promise, clock.sleep(limits.patienceMs, enough.signal)])
    enough.abort()
  }

  /** Answers how long to rest, in ms. */
  async function turn(): Promise<number> {
    const { sent, elsewhere, failure } = await db.transaction().execute(relay)
    if (elsewhere) return limits.elsewhereMs
    if (failure !== undefined) throw failure
    if (failures > 0) log.info({ table }, 'messages leave again')
    failures = 0
    if (sent < limits.batch) unsent = 0
    return sent < limits.batch ? limits.idleMs : 0
  }

  /** The lock ends with the transaction. Of each subject the messages are sent one after the other, up to the first that fails. */
  async function relay(tx: QueryExecutorProvider): Promise<Turn> {
    const lock = await sql<{ held: boolean }>`SELECT pg_try_advisory_xact_lock(hashtextextended(${table}, 0)) AS held`.execute(tx)
    if (!lock.rows[0]?.held) return { sent: 0, elsewhere: true }
    const { rows } = await sql<Row>`SELECT id, key, subject, channel, message FROM ${name} ORDER BY id LIMIT ${limits.batch}`.execute(tx)
    const sent: string[] = []
    const outcomes = await Promise.allSettled(
      [...Map.groupBy(rows, ({ subject }) => subject).values()].map(async (messages) => {
        for (const row of messages) {
          await send(row)
          sent.push(row.id)
        }
      }),
    )
    if (sent.length > 0) await sql`DELETE FROM ${name} WHERE id = ANY(${sent}::bigint[])`.execute(tx)
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    return { sent: sent.length, elsewhere: false, ...(failed && { failure: failed.reason }) }
  }

  /** The key makes a second sending one, where the first was only not noted down. What can never be sent must not hold up the others. */
  async function send({ key, channel, message, subject }: Row): Promise<void> {
    try {
      await streams.publish(channel, message, { once: { key, seconds: limits.onceSeconds } })
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      log.error({ err: error, table, channel, subject }, 'a message can never be sent and is dropped')
    }
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
      if (noted.length > 0) await hurry()
      return result
    },
    start() {
      runs = true
      loop.start()
    },
    async stop() {
      runs = false
      await loop.stop()
    },
    figures: () => ({ unsent }),
  }

  async function insert(tx: QueryExecutorProvider, noted: readonly { readonly subject: string; readonly told: Told }[]): Promise<void> {
    const values = noted.map(({ subject, told }) => sql`(${subject}, ${told.channel}, ${JSON.stringify(told.message)}::json)`)
    await sql`INSERT INTO ${name} (subject, channel, message) VALUES ${sql.join(values)}`.execute(tx)
  }
}

interface Turn {
  readonly sent: number
  /** Another process has the relay at this moment. */
  readonly elsewhere: boolean
  readonly failure?: unknown
}

interface Row {
  readonly id: string
  readonly key: string
  readonly subject: string
  readonly channel: string
  readonly message: Readonly<Record<string, unknown>>
}
