import { sql } from 'kysely'
import type { Store, Transaction } from '#src/adapters/store/store.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import { createLoop } from '#src/kernel/loop.ts'
import type { Calls } from './calls.ts'
import type { Gather } from './gather.ts'
import { lockIncident, readIncident } from './rows.ts'
import type { Tell } from './tell.ts'

export interface WatchParts {
  readonly store: Store
  readonly tell: Tell
  readonly calls: Calls
  readonly gather: Gather
  readonly clock: Clock
  readonly log: Log
}

/** How often it is looked whether something is due that another process wrote, and how long a look that failed is waited out, in ms. */
const pollMs = 5_000
const atOnce = 20
/** How long whoever finds out has for it before another does, and how often it is tried. */
const evidenceLeaseMs = 60_000
const evidenceTries = 3

/** Calls who is to be called and finds out what is to be known, in any process: each incident by one at a time, whoever dies. */
export function createWatch({ store, tell, calls, gather, clock, log }: WatchParts) {
  return createLoop(async () => {
    try {
      await makeDueCalls()
      await findOut()
      return pollMs
    } catch (error) {
      log.warn({ err: error }, 'incidents could not be looked at')
      return pollMs
    }
  }, clock)

  async function makeDueCalls(): Promise<void> {
    const due = await store.db
      .selectFrom('incidents')
      .select('id')
      .where('state', '<>', 'resolved')
      .where('call_due', '<=', clock.now())
      .orderBy('call_due')
      .limit(atOnce)
      .execute()
    for (const { id } of due) {
      await store.db.transaction().execute(async (tx) => {
        const incident = await lockIncident(tx, id)
        // Another process called, or somebody acknowledged or resolved it, a moment ago.
        if (!incident?.callDue || incident.callDue > clock.now()) return
        await calls.due(tx, incident)
        await tell.shown(tx, id)
      })
    }
  }

  async function findOut(): Promise<void> {
    const now = clock.now()
    const again = new Date(now.getTime() + evidenceLeaseMs)
    const { rows } = await sql<{ id: string; evidence_tries: number }>`
      UPDATE incidents SET evidence_due = ${again}, evidence_tries = evidence_tries + 1 WHERE id IN (
        SELECT id FROM incidents WHERE evidence_due <= ${now} ORDER BY evidence_due LIMIT 4 FOR UPDATE SKIP LOCKED)
      RETURNING id, evidence_tries`.execute(store.db)
    await Promise.all(
      rows.map(async ({ id, evidence_tries }) => {
        const incident = await readIncident(store.db, id)
        if (!incident?.service) return
        const { evidence, complete } = await gather(incident, incident.service)
        await store.db.transaction().execute(async (tx) => {
          // Meanwhile something else leads, or another process finds out.
          if (!(await isStillDue(tx, id, again))) return
          const isEnough = complete || evidence_tries >= evidenceTries
          await tx
            .updateTable('incidents')
            .set({ evidence: JSON.stringify(evidence), ...(isEnough && { evidence_due: null }) })
            .where('id', '=', id)
            .execute()
          await tell.shown(tx, id)
        })
      }),
    )
  }
}

async function isStillDue(tx: Transaction, id: string, due: Date): Promise<boolean> {
  const row = await tx.selectFrom('incidents').select('evidence_due').where('id', '=', id).forUpdate().executeTakeFirst()
  return row?.evidence_due?.getTime() === due.getTime()
}
