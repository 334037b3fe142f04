import type { Transaction } from 'kysely'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Outbox } from '#src/streams/outbox.ts'
import { isAlone } from './alone.ts'
import { taskChanged } from './events.ts'
import { updateTask } from './find-task.ts'
import type { Tables, TaskRow } from './tables.ts'
import { open } from './tasks.ts'
import type { Waiting } from './waiting.ts'
import { giveBack } from './work.ts'

export interface Swept {
  /** Leases that ran out: the tasks are tried again, or dead. */
  readonly takenBack: number
  /** Tasks that nobody took in time: dead. */
  readonly expired: number
  /** Tasks that were over for so long that they are forgotten. */
  readonly forgotten: number
}

export interface SweeperDeps {
  readonly outbox: Outbox<Tables>
  readonly waiting: Waiting
  readonly clock: Clock
  readonly log: Log
}

/** Tasks that one transaction looks at, and how long a task that is over is kept, in ms. */
export const limits = { batch: 200, keepMs: 30 * 86_400_000 } as const

/** Takes tasks back from agents that are silent. One process of a database does so at a time; the others answer zeros. */
export function createSweeper({ outbox, waiting, clock, log }: SweeperDeps): () => Promise<Swept> {
  return async () => {
    let sum: Swept = { takenBack: 0, expired: 0, forgotten: 0 }
    for (;;) {
      const { changed, swept } = await outbox.transaction(async (tx, tell) => {
        if (!(await isAlone(tx, 'orchestrator.sweeper'))) return { changed: [], swept: { takenBack: 0, expired: 0, forgotten: 0 } }
        const now = clock.now()
        const silent = await runOut(tx, now)
        const given: TaskRow[] = []
        for (const task of silent)
          given.push(await giveBack(task, { error: 'The agent fell silent while it worked.', retry: true, now }, tx, tell))
        const late = await expire(tx, now)
        for (const task of late) tell(task.agent_id, ...taskChanged(task, 'dead', now))
        const forgotten = await forget(tx, now)
        return { changed: [...given, ...late], swept: { takenBack: silent.length, expired: late.length, forgotten } }
      })
      for (const { id } of changed) waiting.tell(`task ${id}`)
      sum = {
        takenBack: sum.takenBack + swept.takenBack,
        expired: sum.expired + swept.expired,
        forgotten: sum.forgotten + swept.forgotten,
      }
      if (Math.max(swept.takenBack, swept.expired, swept.forgotten) < limits.batch) break
    }
    if (sum.takenBack > 0) log.info({ takenBack: sum.takenBack }, 'took tasks back from silent agents')
    return sum
  }
}

/** The fence grows with it: the agent may only have been slow, and must not report what another attempt does by now. */
async function runOut(tx: Transaction<Tables>, now: Date): Promise<readonly TaskRow[]> {
  const rows = await tx
    .selectFrom('orchestrator.tasks')
    .selectAll()
    .where('status', '=', 'running')
    .where('lease_until', '<', now)
    .orderBy('lease_until')
    .limit(limits.batch)
    .forUpdate()
    .skipLocked()
    .execute()
  return Promise.all(rows.map(({ id, lease }) => updateTask(tx, id, { lease: lease + 1 })))
}

async function expire(tx: Transaction<Tables>, now: Date): Promise<readonly TaskRow[]> {
  const late = tx
    .selectFrom('orchestrator.tasks')
    .select('id')
    .where('status', '=', 'pending')
    .where('expires_at', '<=', now)
    .orderBy('expires_at')
    .limit(limits.batch)
    .forUpdate()
    .skipLocked()
  return tx
    .updateTable('orchestrator.tasks')
    .set({ status: 'dead', error: 'The agent did not take it in time.', completed_at: now, updated_at: now })
    .where('id', 'in', late)
    .returningAll()
    .execute()
}

/** By when it was last touched: its completion is whatever its client says. */
async function forget(tx: Transaction<Tables>, now: Date): Promise<number> {
  const old = tx
    .selectFrom('orchestrator.tasks')
    .select('id')
    .where('completed_at', 'is not', null)
    .where('updated_at', '<', new Date(now.getTime() - limits.keepMs))
    .where('status', 'not in', open)
    .limit(limits.batch)
    .forUpdate()
    .skipLocked()
  const { numDeletedRows } = await tx.deleteFrom('orchestrator.tasks').where('id', 'in', old).executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
