import type { Kysely } from 'kysely'
import type { Clock } from '#src/kernel/clock.ts'
import { type AcceptedEvent, payloadText, withPayload } from '../event-message.ts'
import type { Hooks } from '../hooks/hooks.ts'
import { readRules } from '../rules/rule-store.ts'
import type { Tables } from '../tables.ts'
import { addWork } from '../work/work-queue.ts'
import { planWork } from './plan-work.ts'

export interface RouteParts {
  readonly db: Kysely<Tables>
  readonly hooks: Hooks
  /** Tells Redis, once for the event's id. */
  readonly tell: (event: AcceptedEvent) => Promise<unknown>
  readonly canTell: () => boolean
  readonly clock: Clock
}

const LOT = 250
/** How long a lot may wait for Redis, in ms: its transaction must not stay open for longer than the database allows. */
const PATIENCE_MS = 2_000

/**
 * One turn: what is new in the inbox is told on Redis and gets its work, in one transaction, so that an event either has all of its work
 * or is still new. What Redis does not take now becomes work of its own: a command never waits for Redis. Answers how many there were.
 */
export async function routeEvents(parts: RouteParts): Promise<number> {
  const { db, hooks, clock } = parts
  return db.transaction().execute(async (tx) => {
    const rows = await tx
      .selectFrom('zapier.events')
      .select(['seq', 'id', 'kind', 'name', payloadText, 'target', 'source', 'at'])
      .where('routed', '=', false)
      .orderBy('seq')
      .limit(LOT)
      .forUpdate()
      .skipLocked()
      .execute()
    if (rows.length === 0) return 0
    const events = rows.map(withPayload)
    const now = clock.now()
    const rules = await readRules(tx, { enabled: true })
    const told = await tellAll(events, parts)
    const untold = events.filter(({ id }) => !told.has(id)).map(({ id }) => ({ key: `tell:${id}`, lane: 'tell', event: id, dueAt: now }))
    const planned = events.flatMap((event) => planWork({ event, rules, hooks, now }))
    await addWork(tx, [...untold, ...planned], now)
    await tx
      .updateTable('zapier.events')
      .set({ routed: true })
      .where(
        'seq',
        'in',
        events.map(({ seq }) => seq),
      )
      .execute()
    return events.length
  })
}

/** The ids of those that Redis took in time; why it did not take another is said when that one's own work fails. */
async function tellAll(events: readonly AcceptedEvent[], { tell, canTell, clock }: RouteParts): Promise<ReadonlySet<string>> {
  const told = new Set<string>()
  if (!canTell()) return told
  const answered = new AbortController()
  const telling = events.map((event) =>
    tell(event).then(
      () => told.add(event.id),
      () => undefined,
    ),
  )
  await Promise.race([Promise.all(telling), clock.sleep(PATIENCE_MS, answered.signal)])
  answered.abort('answered')
  return new Set(told)
}

export const routeLot = LOT
