import type { Kysely } from 'kysely'
import { Refusal } from '#src/service/refusal.ts'
import type { AgentRow, Tables } from './tables.ts'

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i

/**
 * An agent by its own id, or by that of the specification's profile. Throws a Refusal with 404. `lock`: the agent cannot go before the
 * transaction has ended.
 */
export async function findAgent(db: Kysely<Tables>, agentId: string, lock?: 'lock'): Promise<AgentRow> {
  // PostgreSQL keeps no such text, so nobody is called that.
  if (agentId.includes('\0') || !agentId.isWellFormed()) throw noSuchAgent()
  const row = await db
    .selectFrom('orchestrator.agents')
    .selectAll()
    .where((where) =>
      UUID.test(agentId) ? where.or([where('agent_id', '=', agentId), where('uid', '=', agentId)]) : where('agent_id', '=', agentId),
    )
    .orderBy((order) => order.eb('agent_id', '=', agentId), 'desc')
    .limit(1)
    .$if(lock !== undefined, (query) => query.forKeyShare())
    .executeTakeFirst()
  if (!row) throw noSuchAgent()
  return row
}

export function noSuchAgent(): Refusal {
  return new Refusal(404, 'Agent not found')
}
