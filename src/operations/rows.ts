import type { Selectable } from 'kysely'
import type { Database } from '#src/adapters/store/schema.ts'
import type { Store, Transaction } from '#src/adapters/store/store.ts'
import type { Change } from './change.ts'
import type { Operation, Step, StepName, Steps } from './operation.ts'

type Reader = Store['db'] | Transaction

export async function readOperation(db: Reader, id: string): Promise<Operation | undefined> {
  const row = await db.selectFrom('operations').selectAll().where('id', '=', id).executeTakeFirst()
  return row && operationOf(row)
}

export async function readSteps(db: Reader, operation: string): Promise<Steps> {
  const rows = await db.selectFrom('operation_steps').selectAll().where('operation', '=', operation).execute()
  return Object.fromEntries(rows.map((row) => [row.step as StepName, stepOf(row)]))
}

export function operationOf(row: Selectable<Database['operations']>): Operation {
  return {
    id: row.id,
    place: { guild: row.guild, project: row.project, environment: row.environment },
    environment: { id: row.environment, name: row.environment_name },
    change: changeOf(row.change),
    sentence: row.sentence,
    facts: row.facts,
    digest: row.digest,
    command: row.command,
    call: row.call,
    actor: row.actor,
    door: row.door,
    cause: row.cause ?? undefined,
    status: row.status,
    attempt: row.attempt,
    createdAt: row.created_at,
    endedAt: row.ended_at ?? undefined,
    verdict: row.verdict ?? undefined,
  }
}

/** JSON knows no dates. */
function changeOf(change: Change): Change {
  if (change.kind !== 'rollback' || !change.deployment) return change
  return { ...change, deployment: { ...change.deployment, createdAt: new Date(change.deployment.createdAt) } }
}

function stepOf(row: Selectable<Database['operation_steps']>): Step {
  return { status: row.status, data: row.data, startedAt: row.started_at, endedAt: row.ended_at ?? undefined }
}
