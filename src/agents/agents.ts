import { z } from 'zod'
import type { Clock } from '#src/kernel/clock.ts'
import type { AgentRef } from '#src/kernel/directory.ts'
import { UpstreamError, UserError } from '#src/kernel/errors.ts'
import type { Report } from '#src/kernel/report.ts'
import type { Mesh, PeerRequest } from '#src/mesh/mesh.ts'
import { ownWords } from './own-words.ts'
import { taskReport } from './task-report.ts'
import {
  type AgentProfile,
  type AgentStatuses,
  agentProfile,
  agentStatuses,
  commandAnswer,
  silentAfterMs,
  type Task,
  type TaskCounts,
  task,
  taskCounts,
} from './wire.ts'

/** An agent as people see it. */
export interface Agent extends Omit<AgentProfile, 'id' | 'last_seen_at'> {
  /** The newest sign of life, whether it told the orchestrator or wrote its own status. */
  readonly heardAt: Date | undefined
  /** Not heard of for longer than a living agent stays silent, or never. */
  readonly silent: boolean
  /** What it says of itself, in a few words. */
  readonly says: string | undefined
  /** False while nobody can read what it says of itself: it may live, though nothing was heard of it. */
  readonly saysKnown: boolean
  readonly open: TaskCounts[string]
}

export interface CommandSent {
  readonly task: Task
  /** True where it was over before the wait was. */
  readonly over: boolean
}

/** The agent orchestrator, asked over the mesh. Where it is not configured each throws UserError; where it is away, UpstreamError. */
export interface Agents {
  /** Who there is, for the directory. */
  names(): Promise<readonly AgentRef[]>
  list(): Promise<readonly Agent[]>
  get(agentId: string): Promise<Agent>
  /** Newest first; of one agent, or of all. */
  tasks(wanted: {
    readonly agent?: string | undefined
    readonly status?: string | undefined
    readonly most: number
  }): Promise<readonly Task[]>
  task(id: number): Promise<Task>
  /** The key makes asking twice one command. */
  command(given: {
    readonly agent: string
    readonly command: string
    readonly arguments: Readonly<Record<string, unknown>>
    readonly waitSeconds: number
    readonly key: string
  }): Promise<CommandSent>
  retry(id: number): Promise<Task>
  cancel(id: number, reason: string): Promise<Task>
  /** A task as people read it, with the buttons for what can be done about it. */
  report(task: Task): Report
}

/** Heartbeats come every few seconds; three that are missing are no accident. Most agents that are listed, and tasks that one page holds. */
export const limits = { agents: 1_000 } as const
const OVER = ['completed', 'dead', 'cancelled']
const peer = 'agent-orchestrator'

export function createAgents({ mesh, clock }: { readonly mesh: Mesh; readonly clock: Clock }): Agents {
  async function ask<Answer>(request: Omit<PeerRequest, 'peer'>, answer: z.ZodType<Answer>): Promise<Answer> {
    if (!mesh.url(peer)) {
      throw new UserError(
        'There is no agent orchestrator here: AGENT_ORCHESTRATOR_URL is not set, so nothing was done. Ask an admin to set it.',
      )
    }
    try {
      return await mesh.call({ ...request, peer }, answer)
    } catch (error) {
      // It is well, and says no to just this.
      const said = error instanceof UpstreamError && [400, 404, 409, 422].includes(error.fault.status ?? 0) ? error.message : undefined
      if (said === undefined) throw error
      throw new UserError(`${/[.!?]$/.test(said) ? said : `${said}.`} Nothing was done.`)
    }
  }

  /** What agents say of themselves, and what they have to do. After the profiles: an orchestrator that is away is not asked three times at once. */
  async function beside(): Promise<{ readonly said: AgentStatuses; readonly counts: TaskCounts }> {
    const [said, counts] = await Promise.all([
      ask({ method: 'GET', path: '/api/agents/status' }, agentStatuses),
      ask({ method: 'GET', path: '/api/tasks/counts' }, taskCounts),
    ])
    return { said, counts }
  }

  function seen(profile: AgentProfile, { said, counts }: Awaited<ReturnType<typeof beside>>): Agent {
    const { id: _, last_seen_at, ...rest } = profile
    const { statuses, statuses_known: saysKnown } = said
    const own = Object.hasOwn(statuses, profile.agent_id) ? statuses[profile.agent_id] : undefined
    const { says, at } = ownWords(own)
    const told = [last_seen_at, at].flatMap((moment) => (moment ? [moment.getTime()] : []))
    const heardAt = told.length > 0 ? new Date(Math.max(...told)) : undefined
    const silent = heardAt ? clock.now().getTime() - heardAt.getTime() > silentAfterMs : saysKnown && own === undefined
    const open = counts[profile.agent_id] ?? { pending: 0, running: 0, dead: 0 }
    return { ...rest, heardAt, silent, says, saysKnown, open }
  }

  return {
    async names() {
      const all = await ask(everyone, z.array(agentProfile))
      return all.map(({ agent_id, name }) => ({ id: agent_id, name }))
    },
    async list() {
      const profiles = await ask(everyone, z.array(agentProfile))
      const more = await beside()
      return profiles.map((profile) => seen(profile, more))
    },
    async get(agentId) {
      const path = `/api/agents/${encodeURIComponent(agentId)}`
      const profile = await ask({ method: 'GET', path }, agentProfile)
      return seen(profile, await beside())
    },
    tasks: ({ agent, status, most }) =>
      ask({ method: 'GET', path: '/api/tasks', query: { agent_id: agent, status, limit: most, newest: 'true' } }, z.array(task)),
    task: (id) => ask({ method: 'GET', path: `/api/tasks/${id}` }, task),
    async command({ agent, command, arguments: given, waitSeconds, key }) {
      const body = { command, arguments: given, wait_seconds: waitSeconds, idempotency_key: key }
      const path = `/api/agents/${encodeURIComponent(agent)}/command`
      const timeoutMs = (waitSeconds + 10) * 1_000
      const sent = await ask({ method: 'POST', path, body, idempotent: true, timeoutMs }, commandAnswer)
      return { task: sent.task, over: OVER.includes(sent.task.status) }
    },
    retry: (id) => ask({ method: 'POST', path: `/api/tasks/${id}/retry` }, task),
    cancel: (id, reason) => ask({ method: 'POST', path: `/api/tasks/${id}/cancel`, body: { reason } }, task),
    report: (one) => taskReport(one, clock.now()),
  }
}

const everyone = { method: 'GET', path: '/api/agents', query: { limit: limits.agents } } as const
