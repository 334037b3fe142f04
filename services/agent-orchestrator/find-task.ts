import type { Kysely, Transaction } from 'kysely'
import { Refusal } from '#src/service/refusal.ts'
import type { Tables, TaskRow } from './tables.ts'

/** Throws a Refusal with 404. `lock`: nobody else changes it before the transaction has ended. */
export async function findTask(db: Kysely<Tables>, id: number, lock?: 'lock'): Promise<TaskRow> {
  const row = await db
    .selectFrom('orchestrator.tasks')
    .selectAll()
    .where('id', '=', id)
    .$if(lock !== undefined, (query) => query.forUpdate())
    .executeTakeFirst()
  if (!row) throw new Refusal(404, 'Task not found')
  return row
}

/** `result` is JSON already. */
export type TaskFields = Partial<Omit<TaskRow, 'id' | 'task_data' | 'result'>> & { readonly result?: string | null }

/** Of a task that this transaction has locked. */
export function updateTask(tx: Transaction<Tables>, id: number, fields: TaskFields): Promise<TaskRow> {
  return tx.updateTable('orchestrator.tasks').set(fields).where('id', '=', id).returningAll().executeTakeFirstOrThrow()
}
