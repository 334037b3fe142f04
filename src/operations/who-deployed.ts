import { sql } from 'kysely'
import type { Store } from '#src/adapters/store/store.ts'
import { actorName } from '#src/kernel/call.ts'

/** Who had Helix make that deployment; undefined where it came about otherwise. */
export async function whoDeployed(db: Store['db'], deployment: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('operation_steps')
    .innerJoin('operations', 'operations.id', 'operation_steps.operation')
    .select('operations.actor')
    .where('operation_steps.step', '=', 'ask')
    .where(sql<string>`operation_steps.data->>'deployment'`, '=', deployment)
    .where(sql<string>`operations.change->>'kind'`, 'in', ['deploy', 'redeploy', 'rollback'])
    .orderBy('operations.created_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && actorName(row.actor)
}
