import { type Kysely, sql } from 'kysely'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import { Refusal } from '#src/service/refusal.ts'
import { findAgent } from './find-agent.ts'
import type { AgentHeartbeat } from './requests.ts'
import type { StatusKeys } from './status-keys.ts'
import type { AgentRow, Tables } from './tables.ts'

/** Signs of life, many a second: kept in memory for a moment and written together, so that their cost hardly grows with their number. */
export interface Heartbeats {
  /** Throws a Refusal with 404 where there is no such agent; answers its own id. */
  beat(agentId: string, heartbeat: AgentHeartbeat): Promise<string>
  /** An agent that asked for something else is alive as well; what it said of its status stays. */
  seen(agentId: string): void
  /** After an agent came: whoever asked before was told that it does not exist. */
  forget(agentId: string): void
  /** After an agent went: its status goes with it, or ends by itself where Redis is away. */
  gone(agentId: string): Promise<void>
  /** Writes what came since. Never throws: what could not be written is said again by the next beat. */
  flush(): Promise<void>
}

export interface HeartbeatsDeps {
  readonly db: Kysely<Tables>
  readonly keys: Pick<StatusKeys, 'write' | 'remove'>
  readonly clock: Clock
  readonly log: Log
}

/** Agents remembered at once, and how long it is believed that one exists or does not, in ms. */
export const limits = { agents: 20_000, existsMs: 60_000, missingMs: 2_000 } as const

interface Belief {
  readonly agentId: string | undefined
  readonly until: number
}

interface Sign {
  readonly at: Date
  readonly heartbeat?: AgentHeartbeat
}

export function createHeartbeats({ db, keys, clock, log }: HeartbeatsDeps): Heartbeats {
  const beliefs = new Map<string, Belief>()
  let signs = new Map<string, Sign>()
  let failing = false

  /** The agent's own id. While the database is away, an agent that was there is believed in. */
  async function known(agentId: string): Promise<string> {
    const now = clock.now().getTime()
    const belief = beliefs.get(agentId)
    if (belief && belief.until > now) return belief.agentId ?? missing()
    try {
      const { agent_id } = await findAgent(db, agentId)
      believe(agentId, { agentId: agent_id, until: now + limits.existsMs })
      return agent_id
    } catch (error) {
      if (error instanceof Refusal) believe(agentId, { agentId: undefined, until: now + limits.missingMs })
      else if (belief?.agentId !== undefined) return belief.agentId
      throw error
    }
  }

  function believe(agentId: string, belief: Belief): void {
    beliefs.delete(agentId)
    const [oldest] = beliefs.keys()
    if (oldest !== undefined && beliefs.size >= limits.agents) beliefs.delete(oldest)
    beliefs.set(agentId, belief)
  }

  function note(agentId: string, sign: Sign): void {
    // Beyond the cap nothing is lost but a moment of somebody's "last heard".
    if (signs.has(agentId) || signs.size < limits.agents) signs.set(agentId, sign)
  }

  async function write(batch: ReadonlyMap<string, Sign>): Promise<void> {
    const outcomes = await Promise.allSettled([writeRows(db, batch), writeKeys(batch)])
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failed && !failing) log.warn({ err: failed.reason }, 'heartbeats cannot be written')
    if (!failed && failing) log.info({}, 'heartbeats are written again')
    failing = failed !== undefined
  }

  async function writeKeys(batch: ReadonlyMap<string, Sign>): Promise<void> {
    const told = [...batch].flatMap(([agentId, { at, heartbeat }]) =>
      heartbeat
        ? [
            {
              agentId,
              status: {
                status: heartbeat.status ?? 'active',
                timestamp: at.toISOString(),
                ...(heartbeat.details && { details: heartbeat.details }),
              },
              expiresInSeconds: heartbeat.expires_in_seconds,
            },
          ]
        : [],
    )
    await keys.write(told)
  }

  function forget(agentId: string): void {
    beliefs.delete(agentId)
    signs.delete(agentId)
  }

  return {
    forget,
    async beat(agentId, heartbeat) {
      const own = await known(agentId)
      note(own, { at: clock.now(), heartbeat })
      return own
    },
    seen(agentId) {
      const heartbeat = signs.get(agentId)?.heartbeat
      note(agentId, { at: clock.now(), ...(heartbeat && { heartbeat }) })
    },
    async gone(agentId) {
      forget(agentId)
      await keys
        .remove(agentId)
        .catch((err: unknown) => log.warn({ err, agentId }, 'the status of an agent that went could not be removed'))
    },
    async flush() {
      if (signs.size === 0) return
      const batch = signs
      signs = new Map()
      await write(batch)
    },
  }
}

function missing(): never {
  throw new Refusal(404, 'Agent not found')
}

/** One statement for all. A row that somebody else holds is left out: the next beat comes soon, and so no two writers wait for each other. */
async function writeRows(db: Kysely<Tables>, batch: ReadonlyMap<string, Sign>): Promise<void> {
  const ids = [...batch.keys()]
  const times = [...batch.values()].map(({ at }) => at)
  const statuses = [...batch.values()].map(({ heartbeat }): AgentRow['status'] | null => heartbeat?.status ?? null)
  await sql`
    WITH signs AS (SELECT * FROM unnest(${ids}::text[], ${times}::timestamptz[], ${statuses}::text[]) AS sign (agent_id, at, status)),
      free AS (SELECT id FROM orchestrator.agents WHERE agent_id = ANY(${ids}::text[]) FOR NO KEY UPDATE SKIP LOCKED)
    UPDATE orchestrator.agents AS agents SET last_seen_at = signs.at, status = coalesce(signs.status, agents.status)
    FROM signs, free WHERE agents.id = free.id AND signs.agent_id = agents.agent_id`.execute(db)
}
