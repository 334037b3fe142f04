import { sql } from 'kysely'
import type { RailwayAccess } from '#src/adapters/railway/railway.ts'
import type { Store } from '#src/adapters/store/store.ts'
import type { Delivery } from '#src/delivery/delivery.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Report } from '#src/kernel/report.ts'
import type { Jobs } from '#src/operations/jobs.ts'
import { followTail } from './follow-tail.ts'
import { type Tail, tailReport } from './tail-report.ts'
import { stopped, tailOf } from './tail-rows.ts'

export interface TailWorkerParts {
  readonly store: Store
  readonly delivery: Delivery
  readonly jobs: Jobs
  readonly railway: RailwayAccess
  readonly clock: Clock
  readonly log: Log
}

/** Keeps tails going, whoever started them; a tail whose worker died goes on in another. */
export function createTailWorker({ store, delivery, jobs, railway, clock, log }: TailWorkerParts): { start(): Promise<void> } {
  const running = new Map<string, AbortController>()

  async function work(id: string, signal: AbortSignal): Promise<void> {
    const taken = await take(id)
    if (!taken) return
    const { tail, attempt } = taken
    const ending = new AbortController()
    running.set(id, ending)
    try {
      const show = (report: Report, isOver: boolean) => write(tail, attempt, report, isOver)
      await followTail({ tail, railway: await railway(tail.place), clock, log, show, signal: AbortSignal.any([signal, ending.signal]) })
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      await write(tail, attempt, tailReport(tail, [], 0, { over: error.message }), true)
    } finally {
      running.delete(id)
    }
    if (signal.aborted) throw new Error('this worker stops') // Another goes on.
  }

  async function take(id: string): Promise<{ readonly tail: Tail; readonly attempt: number } | undefined> {
    const row = await store.db
      .updateTable('tails')
      .set((row) => ({ attempt: sql`${row.ref('attempt')} + 1` }))
      .where('id', '=', id)
      .where('stopped_at', 'is', null)
      .returningAll()
      .executeTakeFirst()
    return row && { tail: tailOf(row), attempt: row.attempt }
  }

  /** False where the tail was stopped, or is another worker's: nothing was written then. */
  async function write(tail: Tail, attempt: number, report: Report, isOver: boolean): Promise<boolean> {
    return store.db.transaction().execute(async (tx) => {
      const row = await tx.selectFrom('tails').select(['attempt', 'stopped_at']).where('id', '=', tail.id).forUpdate().executeTakeFirst()
      if (row?.attempt !== attempt || row.stopped_at) return false
      await delivery.revise(tx, tail.id, report, tail.place)
      if (isOver) await tx.updateTable('tails').set({ stopped_at: clock.now() }).where('id', '=', tail.id).execute()
      return true
    })
  }

  return {
    async start() {
      await store.listen(stopped, (id) => running.get(id)?.abort())
      await jobs.work('tails', work)
    },
  }
}
