import { type Kysely, sql } from 'kysely'
import { parseExact } from '#src/kernel/exact-json.ts'
import type { AcceptedEvent } from '../event-message.ts'
import type { Kind, Outcome, Tables, WorkState } from '../tables.ts'

/** A piece of work that this process alone has until its lease is over. */
export interface Taken {
  readonly id: string
  readonly key: string
  readonly fence: number
  readonly attempts: number
  readonly rule: string | null
  /** JSON, as it was written. */
  readonly body: string | null
  /** The event that it is about; of work that has none, all null. */
  readonly event: string | null
  readonly kind: Kind | null
  readonly name: string | null
  readonly payload: unknown
  readonly source: string | null
  readonly at: Date | null
}

/** The event that work is about. Throws where it has none. */
export function eventOf({ event, kind, name, payload, source, at }: Taken): AcceptedEvent {
  if (event === null || kind === null || name === null || source === null || at === null) throw new Error('This work has no event')
  return { id: event, kind, name, payload, source, at }
}

/** How a piece of work ends its turn: over (`dueAt` means nothing then), or waiting again until then. */
export interface Settlement {
  readonly id: string
  readonly fence: number
  readonly state: WorkState
  readonly dueAt: Date
  readonly outcome: Outcome | null
}

/** Something new to do. */
export interface NewWork {
  readonly key: string
  readonly lane: string
  readonly event?: string | undefined
  readonly rule?: { readonly id: string; readonly name: string } | undefined
  /** JSON. */
  readonly body?: string | undefined
  readonly version?: number | undefined
  readonly dueAt: Date
  /** Over before it began: it can never be done. */
  readonly refused?: string | undefined
}

type Db = Kysely<Tables>

/**
 * Takes at most so many that are due. Rows are locked only while taking (SKIP LOCKED: of any number of processes each gets others); what
 * holds them afterwards is the lease. Whoever dies holding one leaves it to be taken again when the lease is over.
 */
export async function takeWork(
  db: Db,
  lane: string,
  { now, leaseMs, most }: { now: Date; leaseMs: number; most: number },
): Promise<readonly Taken[]> {
  const until = new Date(now.getTime() + leaseMs)
  const { rows } = await sql<Taken & { readonly payload: string | null }>`
    UPDATE zapier.work AS work SET due_at = ${until}, attempts = work.attempts + 1, fence = work.fence + 1
    FROM (
      SELECT w.id, e.kind, e.name, e.payload::text, e.source, e.at FROM zapier.work w LEFT JOIN zapier.events e ON e.id = w.event
      WHERE w.state = 'waiting' AND w.lane = ${lane} AND w.due_at <= ${now}
      ORDER BY w.due_at, w.id LIMIT ${most} FOR UPDATE OF w SKIP LOCKED
    ) AS due
    WHERE work.id = due.id
    RETURNING work.id, work.key, work.fence, work.attempts, work.rule, work.body::text, work.event,
      due.kind, due.name, due.payload, due.source, due.at`.execute(db)
  const read = rows.map((row) => ({ ...row, payload: row.payload === null ? null : parseExact(row.payload) }))
  return read.sort((a, b) => Number(a.id) - Number(b.id))
}

/** Writes down what came of each, where it is still held under the same fence. */
export async function settleWork(db: Db, settlements: readonly Settlement[], now: Date): Promise<void> {
  const column = <Value>(read: (settlement: Settlement) => Value) => settlements.map(read)
  await sql`
    UPDATE zapier.work AS work SET state = given.state, due_at = given.due_at, outcome = given.outcome::json,
      settled_at = CASE WHEN given.state = 'waiting' THEN NULL ELSE ${now}::timestamptz END
    FROM unnest(${column(({ id }) => id)}::bigint[], ${column(({ fence }) => fence)}::int[], ${column(({ state }) => state)}::text[],
      ${column(({ dueAt }) => dueAt)}::timestamptz[], ${column(({ outcome }) => outcome && JSON.stringify(outcome))}::text[])
      AS given (id, fence, state, due_at, outcome)
    WHERE work.id = given.id AND work.fence = given.fence AND work.state = 'waiting'`.execute(db)
}

/** Adds work. What has a key that is known is not added again; a newer version takes the older one's place, and is due as it was or sooner. */
export async function addWork(db: Db, added: readonly NewWork[], now: Date): Promise<void> {
  if (added.length === 0) return
  const column = <Value>(read: (work: NewWork) => Value) => added.map(read)
  const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value))
  await sql`
    INSERT INTO zapier.work AS work (key, lane, event, rule, rule_name, body, version, state, due_at, outcome, created_at, settled_at)
    SELECT key, lane, event, rule, rule_name, body::json, version, CASE WHEN refused IS NULL THEN 'waiting' ELSE 'refused' END,
      due_at, refused::json, ${now}::timestamptz, CASE WHEN refused IS NULL THEN NULL ELSE ${now}::timestamptz END
    FROM unnest(${column(({ key }) => key)}::text[], ${column(({ lane }) => lane)}::text[], ${column(({ event }) => event ?? null)}::uuid[],
      ${column(({ rule }) => rule?.id ?? null)}::text[], ${column(({ rule }) => rule?.name ?? null)}::text[],
      ${column(({ body }) => body ?? null)}::text[], ${column(({ version }) => version ?? 0)}::bigint[],
      ${column(({ dueAt }) => dueAt)}::timestamptz[],
      ${column(({ refused }) => json(refused === undefined ? undefined : { sentence: refused }))}::text[])
      AS given (key, lane, event, rule, rule_name, body, version, due_at, refused)
    ON CONFLICT (key) DO UPDATE SET body = excluded.body, version = excluded.version, state = 'waiting', attempts = 0,
      fence = work.fence + 1, due_at = CASE WHEN work.state = 'waiting' THEN least(work.due_at, excluded.due_at) ELSE excluded.due_at END
    WHERE work.version < excluded.version`.execute(db)
}
