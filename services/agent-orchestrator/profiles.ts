import type { Kysely } from 'kysely'
import type { Clock } from '#src/kernel/clock.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { Outbox } from '#src/streams/outbox.ts'
import { agentTold } from './events.ts'
import { findAgent, noSuchAgent } from './find-agent.ts'
import type { ChangedAgent, NewAgent, Page } from './requests.ts'
import type { AgentRow, Tables } from './tables.ts'
import type { Tasks } from './tasks.ts'

/** The agents that are known. Those who do not exist are a Refusal with 404. */
export interface Profiles {
  /** Throws UserError where the id is taken. */
  create(given: NewAgent): Promise<AgentRow>
  /** In the order in which they came. */
  list(page: Page): Promise<readonly AgentRow[]>
  count(): Promise<number>
  /** By its own id, or by that of the specification's profile. */
  get(agentId: string): Promise<AgentRow>
  /** What is left out stays. */
  update(agentId: string, changed: ChangedAgent): Promise<AgentRow>
  /** Its open tasks are cancelled with it; those that are done stay, and so do those that a client has given a word of its own. */
  remove(agentId: string): Promise<AgentRow>
}

export interface ProfilesDeps {
  readonly db: Kysely<Tables>
  readonly outbox: Outbox<Tables>
  readonly tasks: Pick<Tasks, 'cancelAllOf'>
  readonly clock: Clock
}

export function createProfiles({ db, outbox, tasks, clock }: ProfilesDeps): Profiles {
  const get = (agentId: string) => findAgent(db, agentId)
  return {
    create: ({ capabilities, ...given }) =>
      outbox.transaction(async (tx, tell) => {
        const now = clock.now()
        const row = await tx
          .insertInto('orchestrator.agents')
          .values({ ...given, capabilities: JSON.stringify(capabilities), created_at: now, updated_at: now, last_seen_at: null })
          .onConflict((conflict) => conflict.column('agent_id').doNothing())
          .returningAll()
          .executeTakeFirst()
        if (!row) throw new UserError('Agent already exists')
        tell(row.agent_id, ...agentTold('agent_created', row.agent_id, now))
        return row
      }),
    list: ({ skip, limit }) => db.selectFrom('orchestrator.agents').selectAll().orderBy('id').offset(skip).limit(limit).execute(),
    async count() {
      const { many } = await db
        .selectFrom('orchestrator.agents')
        .select((select) => select.cast<number>(select.fn.countAll(), 'integer').as('many'))
        .executeTakeFirstOrThrow()
      return many
    },
    get,
    update: (agentId, { capabilities, ...changed }) =>
      outbox.transaction(async (tx, tell) => {
        const now = clock.now()
        const { id } = await findAgent(tx, agentId)
        const row = await tx
          .updateTable('orchestrator.agents')
          .set({ ...changed, ...(capabilities && { capabilities: JSON.stringify(capabilities) }), updated_at: now })
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirst()
        if (!row) throw noSuchAgent()
        tell(row.agent_id, ...agentTold('agent_updated', row.agent_id, now))
        return row
      }),
    remove: (agentId) =>
      outbox.transaction(async (tx, tell) => {
        const { id } = await findAgent(tx, agentId)
        const row = await tx.deleteFrom('orchestrator.agents').where('id', '=', id).returningAll().executeTakeFirst()
        if (!row) throw noSuchAgent()
        await tasks.cancelAllOf(row.agent_id, tx, tell)
        tell(row.agent_id, ...agentTold('agent_deleted', row.agent_id, clock.now()))
        return row
      }),
  }
}
