import { isDeepStrictEqual } from 'node:util'
import type { Kysely, Transaction } from 'kysely'
import type { TaskCounts } from '#src/agents/wire.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { Refusal } from '#src/service/refusal.ts'
import type { Outbox, Tell } from '#src/streams/outbox.ts'
import { taskChanged, taskOffered } from './events.ts'
import { findAgent } from './find-agent.ts'
import { findTask, updateTask } from './find-task.ts'
import type { NewTask, TaskPage, TaskStatusChange } from './requests.ts'
import type { Tables, TaskRow } from './tables.ts'
import type { Waiting } from './waiting.ts'

/** Tasks as those see them who give them. One that does not exist is a Refusal with 404. */
export interface Tasks {
  /** Asked again by the same caller with the same idempotency key, it answers the first one; a Refusal with 409 where that was another task. */
  create(given: NewTask, by: string): Promise<TaskRow>
  list(page: TaskPage): Promise<readonly TaskRow[]>
  get(id: number): Promise<TaskRow>
  /** How many are not over or died, by agent. */
  counts(): Promise<TaskCounts>
  /** As existing clients set it, whatever it was; whoever holds the task loses it. */
  setStatus(id: number, change: TaskStatusChange): Promise<TaskRow>
  /** Throws a Refusal with 409 where it is over. */
  cancel(id: number, reason: string | undefined): Promise<TaskRow>
  /** Once more from the first attempt, whatever came of it. Throws a Refusal with 409 while it waits or is worked on. */
  retry(id: number): Promise<TaskRow>
  /** For the transaction in which an agent goes. */
  cancelAllOf(agentId: string, tx: Transaction<Tables>, tell: Tell): Promise<void>
}

export interface TasksDeps {
  readonly db: Kysely<Tables>
  readonly outbox: Outbox<Tables>
  readonly waiting: Waiting
  readonly clock: Clock
}

/** Nothing more happens to a task with one of these by itself. */
export const over = ['completed', 'dead', 'cancelled']
/** It is to be done. Any other word is its client's own, and ours to leave alone. */
export const open = ['pending', 'running']

export function createTasks({ db, outbox, waiting, clock }: TasksDeps): Tasks {
  async function create({ agent_id, task_data, delay_seconds, expires_in_seconds, idempotency_key, ...given }: NewTask, by: string) {
    const task = await outbox.transaction(async (tx, tell) => {
      const now = clock.now()
      const agent = await findAgent(tx, agent_id, 'lock')
      const due_at = new Date(now.getTime() + delay_seconds * 1_000)
      const row = await tx
        .insertInto('orchestrator.tasks')
        .values({
          ...given,
          agent_id: agent.agent_id,
          task_data: JSON.stringify(task_data),
          idempotency_key: idempotency_key ?? null,
          created_by: by,
          created_at: now,
          updated_at: now,
          due_at,
          expires_at: expires_in_seconds === undefined ? null : new Date(due_at.getTime() + expires_in_seconds * 1_000),
        })
        .onConflict((conflict) => conflict.columns(['created_by', 'idempotency_key']).doNothing())
        .returningAll()
        .executeTakeFirst()
      if (!row) return askedBefore(tx, { by, key: idempotency_key! }, { agent_id: agent.agent_id, task_type: given.task_type, task_data })
      tell(row.agent_id, ...taskOffered(row, 'created', now))
      return row
    })
    waiting.tell(`agent ${task.agent_id}`)
    return task
  }

  /** Changes one task that is locked meanwhile, tells of it, and wakes who waits for it. */
  async function change(
    id: number,
    work: (task: TaskRow, tx: Transaction<Tables>, tell: Tell) => Promise<TaskRow>,
    before?: (tx: Transaction<Tables>) => Promise<unknown>,
  ): Promise<TaskRow> {
    const task = await outbox.transaction(async (tx, tell) => {
      await before?.(tx)
      return work(await findTask(tx, id, 'lock'), tx, tell)
    })
    waiting.tell(`task ${id}`)
    if (task.status === 'pending') waiting.tell(`agent ${task.agent_id}`)
    return task
  }

  return {
    create,
    list: ({ skip, limit, agent_id, status, newest }) =>
      db
        .selectFrom('orchestrator.tasks')
        .selectAll()
        .$if(agent_id !== undefined, (query) => query.where('agent_id', '=', agent_id!))
        .$if(status !== undefined, (query) => query.where('status', '=', status!))
        .orderBy('id', newest === 'true' ? 'desc' : 'asc')
        .offset(skip)
        .limit(limit)
        .execute(),
    get: (id) => findTask(db, id),
    async counts() {
      const counted = await db
        .selectFrom('orchestrator.tasks')
        .select((select) => ['agent_id', 'status', select.cast<number>(select.fn.countAll(), 'integer').as('many')])
        .where('status', 'in', ['pending', 'running', 'dead'])
        .groupBy(['agent_id', 'status'])
        .execute()
      const none = { pending: 0, running: 0, dead: 0 }
      const agents = [...Map.groupBy(counted, ({ agent_id }) => agent_id)]
      return Object.fromEntries(
        agents.map(([agent, rows]) => [agent, { ...none, ...Object.fromEntries(rows.map(({ status, many }) => [status, many])) }]),
      )
    },
    setStatus: (id, { status, completed_at }) =>
      change(id, async (before, tx, tell) => {
        const now = clock.now()
        const completed = completed_at ?? (status === 'completed' ? now : null)
        const again = status === 'pending' && { due_at: now, attempt: 0, expires_at: null }
        const fields = { status, completed_at: completed, updated_at: now, lease_until: null, lease: before.lease + 1, ...again }
        const task = await updateTask(tx, id, fields)
        tell(task.agent_id, ...taskChanged(task, 'updated', now))
        return task
      }),
    cancel: (id, reason) =>
      change(id, async (before, tx, tell) => {
        if (over.includes(before.status)) throw new Refusal(409, `Task ${id} is ${before.status}, so there is nothing to cancel.`)
        const now = clock.now()
        const error = reason ?? 'Cancelled.'
        const task = await updateTask(tx, id, {
          status: 'cancelled',
          error,
          completed_at: now,
          updated_at: now,
          lease_until: null,
          lease: before.lease + 1,
        })
        tell(task.agent_id, ...taskChanged(task, 'cancelled', now))
        return task
      }),
    async retry(id) {
      const { agent_id } = await findTask(db, id)
      const again = async (before: TaskRow, tx: Transaction<Tables>, tell: Tell) => {
        if (before.status === 'pending') throw new Refusal(409, `Task ${id} is pending: it waits to be tried as it is.`)
        if (before.status === 'running') throw new Refusal(409, `Task ${id} is running: ${whileItRuns}`)
        const now = clock.now()
        const fresh = { attempt: 0, due_at: now, expires_at: null, completed_at: null, lease_until: null, result: null, error: null }
        const task = await updateTask(tx, id, { ...fresh, status: 'pending', updated_at: now, lease: before.lease + 1 })
        tell(task.agent_id, ...taskChanged(task, 'retried', now), ...taskOffered(task, 'retried', now))
        return task
      }
      // The agent first, as whoever deletes it locks in that order.
      return change(id, again, (tx) => findAgent(tx, agent_id, 'lock'))
    },
    async cancelAllOf(agentId, tx, tell) {
      const now = clock.now()
      const cancelled = await tx
        .updateTable('orchestrator.tasks')
        .set(({ eb }) => ({
          status: 'cancelled',
          error: 'Its agent was deleted.',
          completed_at: now,
          updated_at: now,
          lease_until: null,
          lease: eb('lease', '+', 1),
        }))
        .where('agent_id', '=', agentId)
        .where('status', 'in', open)
        .returningAll()
        .execute()
      for (const task of cancelled) tell(agentId, ...taskChanged(task, 'cancelled', now))
    },
  }
}

const whileItRuns = 'it can be tried again once it is over. Cancel it first if it is stuck.'

/** Its caller's key is taken, so the one that took it is there. */
async function askedBefore(
  tx: Transaction<Tables>,
  { by, key }: { readonly by: string; readonly key: string },
  asked: Pick<TaskRow, 'agent_id' | 'task_type' | 'task_data'>,
): Promise<TaskRow> {
  const row = await tx
    .selectFrom('orchestrator.tasks')
    .selectAll()
    .where('created_by', '=', by)
    .where('idempotency_key', '=', key)
    .executeTakeFirstOrThrow()
  const { agent_id, task_type, task_data } = row
  if (isDeepStrictEqual({ agent_id, task_type, task_data }, asked)) return row
  throw new Refusal(409, `The idempotency key was used for task ${row.id}, which is another one.`)
}
