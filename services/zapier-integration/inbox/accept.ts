import { type Kysely, sql } from 'kysely'
import type { Kind, Tables } from '../tables.ts'

/** What came in and was found good. */
export interface Arrival {
  readonly id: string
  readonly kind: Kind
  readonly name: string
  /** JSON. */
  readonly payload: string
  readonly target?: string | undefined
  readonly source: string
  readonly at: Date
  /** A second one under this key, within a day, is a replay. */
  readonly replayKey?: string | undefined
}

/** `replayOf`: the event that came first under the same key; this one left no trace. */
export type Acceptance = { readonly accepted: true } | { readonly accepted: false; readonly replayOf: string }

/** How long a key is known: nobody may send a body that was seen again before then. */
export const replayWindowMs = 86_400_000

/**
 * Writes any number of arrivals in ONE statement, and so in one transaction: when it answers, each is committed or was a replay. Of two
 * with the same key in the same lot the first counts. Keys are written in order, so that two processes never wait for each other in a ring.
 */
export async function writeArrivals(db: Kysely<Tables>, arrivals: readonly Arrival[], now: Date): Promise<readonly Acceptance[]> {
  const firsts = new Map<string, Arrival>()
  for (const arrival of arrivals) {
    const { replayKey } = arrival
    if (replayKey !== undefined && !firsts.has(replayKey)) firsts.set(replayKey, arrival)
  }
  const given = arrivals.filter((each) => each.replayKey === undefined || firsts.get(each.replayKey) === each)
  const written = new Set(await insert(db, given, now))
  const replayed = arrivals.filter(({ id }) => !written.has(id))
  const known = await seenUnder(db, replayed, firsts)
  return arrivals.map(({ id, replayKey = '' }) =>
    written.has(id) ? { accepted: true } : { accepted: false, replayOf: known.get(replayKey)! },
  )
}

async function insert(db: Kysely<Tables>, given: readonly Arrival[], now: Date): Promise<readonly string[]> {
  const column = <Value>(read: (arrival: Arrival) => Value) => given.map(read)
  const { rows } = await sql<{ id: string }>`
    WITH given AS (
      SELECT * FROM unnest(
        ${column(({ id }) => id)}::uuid[], ${column(({ kind }) => kind)}::text[], ${column(({ name }) => name)}::text[],
        ${column(({ payload }) => payload)}::text[], ${column(({ target }) => target ?? null)}::text[],
        ${column(({ source }) => source)}::text[], ${column(({ at }) => at)}::timestamptz[],
        ${column(({ replayKey }) => replayKey ?? null)}::text[]
      ) WITH ORDINALITY AS given (id, kind, name, payload, target, source, at, key, place)
    ), fresh AS (
      INSERT INTO zapier.seen AS seen (key, event, until)
      SELECT key, id, ${new Date(now.getTime() + replayWindowMs)}::timestamptz FROM given WHERE key IS NOT NULL ORDER BY key
      ON CONFLICT (key) DO UPDATE SET event = excluded.event, until = excluded.until WHERE seen.until <= ${now}
      RETURNING event
    ), kept AS (
      INSERT INTO zapier.events (id, kind, name, payload, target, source, at)
      SELECT id, kind, name, payload::json, target, source, at FROM given
      WHERE key IS NULL OR id IN (SELECT event FROM fresh) ORDER BY place
      RETURNING id, kind
    ), counted AS (
      INSERT INTO zapier.totals AS totals (kind, count) SELECT kind, count(*) FROM kept GROUP BY kind ORDER BY kind
      ON CONFLICT (kind) DO UPDATE SET count = totals.count + excluded.count
    )
    SELECT id FROM kept`.execute(db)
  return rows.map(({ id }) => id)
}

/** Which event each replay repeats: one of this lot, or one of before. */
async function seenUnder(
  db: Kysely<Tables>,
  replayed: readonly Arrival[],
  firsts: ReadonlyMap<string, Arrival>,
): Promise<ReadonlyMap<string, string>> {
  if (replayed.length === 0) return new Map()
  const keys = replayed.flatMap(({ replayKey }) => replayKey ?? [])
  const rows = await db.selectFrom('zapier.seen').select(['key', 'event']).where('key', 'in', keys).execute()
  return new Map([...keys.map((key) => [key, firsts.get(key)!.id] as const), ...rows.map(({ key, event }) => [key, event] as const)])
}
