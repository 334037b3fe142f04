import type { Transaction } from 'kysely'
import { silentAfterMs } from '#src/agents/wire.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Outbox } from '#src/streams/outbox.ts'
import { isAlone } from './alone.ts'
import { agentHeard, type HeardOf } from './events.ts'
import type { Tables } from './tables.ts'

export interface SilenceDeps {
  readonly outbox: Outbox<Tables>
  readonly clock: Clock
}

/** Agents that one transaction looks at, and after which pause between two turns nobody can say who was silent meanwhile, in ms. */
export const limits = { batch: 200, pauseMs: 20_000 } as const

/**
 * Tells which agents fell silent and which are heard again: of those that were ever heard here, once for each change. What was said while
 * the service or its database was away, nobody heard: silence counts from when it listened again. One process of a database at a time.
 */
export function createSilence({ outbox, clock }: SilenceDeps): () => Promise<void> {
  let listeningSince: Date | undefined
  let lastTurn: Date | undefined

  function listens(now: Date): Date {
    if (!listeningSince || !lastTurn || now.getTime() - lastTurn.getTime() > limits.pauseMs) listeningSince = now
    return listeningSince
  }

  return async () => {
    const now = clock.now()
    const heardWithin = new Date(now.getTime() - silentAfterMs)
    const since = listens(now)
    for (;;) {
      const changed = await outbox.transaction(async (tx, tell) => {
        if (!(await isAlone(tx, 'orchestrator.silence'))) return 0
        const heard = await mark(tx, false, heardWithin)
        const silent = since > heardWithin ? [] : await mark(tx, true, heardWithin)
        for (const agent of heard) tell(agent.agent_id, agentHeard('agent_heard', agent, now))
        for (const agent of silent) tell(agent.agent_id, agentHeard('agent_silent', agent, now))
        return Math.max(heard.length, silent.length)
      })
      if (changed < limits.batch) break
    }
    lastTurn = now
  }
}

/** A row that is being written to is left for the next turn. */
function mark(tx: Transaction<Tables>, silent: boolean, heardWithin: Date): Promise<readonly HeardOf[]> {
  const agents = tx
    .selectFrom('orchestrator.agents')
    .select('id')
    .where('silent', '=', !silent)
    .where('last_seen_at', silent ? '<' : '>=', heardWithin)
    .limit(limits.batch)
    .forNoKeyUpdate()
    .skipLocked()
  return tx.updateTable('orchestrator.agents').set({ silent }).where('id', 'in', agents).returning(['agent_id', 'last_seen_at']).execute()
}
