import { isDeepStrictEqual } from 'node:util'
import type { Transaction } from 'kysely'
import type { Clock } from '#src/kernel/clock.ts'
import { Refusal } from '#src/service/refusal.ts'
import type { Outbox, Tell } from '#src/streams/outbox.ts'
import { taskChanged } from './events.ts'
import { findTask, updateTask } from './find-task.ts'
import { retryDelayMs } from './retry-delay.ts'
import type { Tables, TaskRow } from './tables.ts'
import type { Waiting } from './waiting.ts'

export interface ClaimAsked {
  readonly agentId: string
  readonly leaseSeconds: number
  /** Left out: of any type. */
  readonly types?: readonly string[] | undefined
}

/**
 * Tasks as those see them who do them. Who holds a task proves it with the lease that the claim answered; a Refusal with 409 says that it
 * is another's by now. Saying the same again changes nothing and answers the same; saying something else is a Refusal with 409 too.
 */
export interface Work {
  /** The next task that is due, held from now on; undefined where there is none. Of any number of askers each gets another. */
  claim(asked: ClaimAsked): Promise<TaskRow | undefined>
  /** Holds it for longer. */
  extend(id: number, lease: number, leaseSeconds: number): Promise<TaskRow>
  complete(id: number, lease: number, result: unknown): Promise<TaskRow>
  /** Tried again later, unless that was the last attempt or `retry` is false: then it is dead. */
  fail(id: number, lease: number, failure: { readonly error: string; readonly retry: boolean }): Promise<TaskRow>
}

export interface WorkDeps {
  readonly outbox: Outbox<Tables>
  readonly waiting: Waiting
  readonly clock: Clock
}

export function createWork({ outbox, waiting, clock }: WorkDeps): Work {
  const after = (seconds: number) => new Date(clock.now().getTime() + seconds * 1_000)

  /** `saidBefore`: whether these words were said under this lease already, so that nothing is left to do; throws where others were. */
  async function change(
    id: number,
    lease: number,
    saidBefore: (task: TaskRow) => boolean,
    work: (task: TaskRow, tx: Transaction<Tables>, tell: Tell) => Promise<TaskRow>,
  ): Promise<TaskRow> {
    const task = await outbox.transaction(async (tx, tell) => {
      const before = await findTask(tx, id, 'lock')
      if (before.lease === lease && saidBefore(before)) return before
      if (before.lease !== lease || before.status !== 'running') throw lost(before)
      return work(before, tx, tell)
    })
    waiting.tell(`task ${id}`)
    return task
  }

  return {
    claim: ({ agentId, leaseSeconds, types }) =>
      outbox.transaction(async (tx, tell) => {
        const now = clock.now()
        const next = tx
          .selectFrom('orchestrator.tasks')
          .select('id')
          .where('agent_id', '=', agentId)
          .where('status', '=', 'pending')
          .where('due_at', '<=', now)
          .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', now)]))
          .$if(types !== undefined, (query) => query.where('task_type', 'in', types!))
          .orderBy('due_at')
          .orderBy('id')
          .limit(1)
          .forUpdate()
          .skipLocked()
        const task = await tx
          .updateTable('orchestrator.tasks')
          .set(({ eb }) => ({
            status: 'running',
            lease: eb('lease', '+', 1),
            attempt: eb('attempt', '+', 1),
            lease_until: after(leaseSeconds),
            updated_at: now,
          }))
          .where('id', '=', next)
          .returningAll()
          .executeTakeFirst()
        if (task) tell(task.agent_id, ...taskChanged(task, 'claimed', now))
        return task
      }),
    extend: (id, lease, leaseSeconds) =>
      change(id, lease, never, (_, tx) => updateTask(tx, id, { lease_until: after(leaseSeconds), updated_at: clock.now() })),
    complete: (id, lease, result) =>
      change(id, lease, completedWith(result), async (_, tx, tell) => {
        const now = clock.now()
        const fields = { status: 'completed', result: JSON.stringify(result), error: null, lease_until: null }
        const task = await updateTask(tx, id, { ...fields, completed_at: now, updated_at: now })
        tell(task.agent_id, ...taskChanged(task, 'completed', now))
        return task
      }),
    fail: (id, lease, { error, retry }) =>
      change(id, lease, givenBackWith(error, retry), (task, tx, tell) => giveBack(task, { error, retry, now: clock.now() }, tx, tell)),
  }
}

export interface GivenBack {
  readonly error: string
  readonly retry: boolean
  readonly now: Date
}

/** A task whose attempt failed: later again, or dead. Its lease stays, so that the same failure said twice is known as such. */
export async function giveBack(task: TaskRow, { error, retry, now }: GivenBack, tx: Transaction<Tables>, tell: Tell): Promise<TaskRow> {
  const again = retry && task.attempt < task.max_attempts
  const fields = again
    ? { status: 'pending', due_at: new Date(now.getTime() + retryDelayMs(task.attempt)) }
    : { status: 'dead', completed_at: now }
  const given = await updateTask(tx, task.id, { ...fields, error, lease_until: null, updated_at: now })
  tell(given.agent_id, ...taskChanged(given, again ? 'retrying' : 'dead', now))
  return given
}

const never = () => false

/** As it is kept: a result is JSON. */
function completedWith(result: unknown) {
  return ({ id, status, result: first }: TaskRow): boolean => {
    if (status !== 'completed') return false
    if (isDeepStrictEqual(first, JSON.parse(JSON.stringify(result)))) return true
    throw new Refusal(409, `Task ${id} was completed with another result, which stays.`)
  }
}

function givenBackWith(error: string, retry: boolean) {
  return ({ id, status, error: first }: TaskRow): boolean => {
    if (first === null || (status !== 'pending' && status !== 'dead')) return false
    if (first === error && (retry || status === 'dead')) return true
    throw new Refusal(409, `Task ${id} has another failure noted already, which stays.`)
  }
}

function lost({ id, status }: TaskRow): Refusal {
  return new Refusal(409, `Task ${id} is not yours any more: it is ${status}, or another attempt holds it. Stop working on it.`)
}
