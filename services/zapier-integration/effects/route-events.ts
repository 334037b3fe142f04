import type { Kysely } from 'kysely'
import type { Clock } from '#src/kernel/clock.ts'
import type { Hooks } from '../hooks/hooks.ts'
import { readRules } from '../rules/rule-store.ts'
import type { Tables } from '../tables.ts'
import { addWork } from '../work/work-queue.ts'
import { planWork } from './plan-work.ts'

export interface RouteParts {
  readonly db: Kysely<Tables>
  readonly hooks: Hooks
  readonly clock: Clock
}

const LOT = 250

/**
 * One turn: what is new in the inbox gets its work, in one transaction, so that an event either has all of its work or is still new.
 * Answers how many there were.
 */
export async function routeEvents({ db, hooks, clock }: RouteParts): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const events = await tx
      .selectFrom('zapier.events')
      .select(['seq', 'id', 'kind', 'name', 'payload', 'target', 'source', 'at'])
      .where('routed', '=', false)
      .orderBy('seq')
      .limit(LOT)
      .forUpdate()
      .skipLocked()
      .execute()
    if (events.length === 0) return 0
    const now = clock.now()
    const rules = await readRules(tx, { enabled: true })
    await addWork(
      tx,
      events.flatMap((event) => planWork({ event, rules, hooks, now })),
      now,
    )
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

export const routeLot = LOT
