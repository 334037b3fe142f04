import { z } from 'zod'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import { agentToken } from './agent-token.ts'
import { type Asked, answerCommand, commands } from './commands.ts'

export interface EchoAgentOptions {
  /** The address of the agent-orchestrator at this moment; undefined while nothing of it runs. */
  url(): string | undefined
  readonly jwtSecret: string
  readonly clock: Clock
  readonly log: Log
}

export const echoProfile = {
  agent_id: 'playground-echo',
  name: 'Echo of the playground',
  role: 'demonstration',
  description: 'A part of the playground, so that there is an agent to try. It knows the commands echo, time and fail.',
  capabilities: Object.keys(commands),
} as const

/** How long one question for work waits at the orchestrator, in seconds. */
const WAIT_S = 20
/** After an answer that had no work, which may have come at once, in ms. */
const BREATH_MS = 250
/** Between attempts while the orchestrator is away, in ms. */
const PAUSE_MS = 1_000

const claimed = z.object({
  task: z.object({ id: z.number(), task_type: z.string(), task_data: z.record(z.string(), z.unknown()) }).nullable(),
  lease: z.number().nullable(),
})

/** An agent as anybody may write one, over nothing but the public routes: it registers, says that it lives, asks for work and does it. */
export function startEchoAgent({ url, jwtSecret, clock, log }: EchoAgentOptions): { stop(): Promise<void> } {
  const { agent_id } = echoProfile
  const stopping = new AbortController()
  const { signal } = stopping
  const own = `/api/agents/${agent_id}`

  async function post(path: string, body: object): Promise<Response> {
    const base = url()
    if (base === undefined) throw new Error('no orchestrator runs')
    const authorization = `Bearer ${agentToken(jwtSecret, agent_id, clock.now())}`
    const headers = { authorization, 'content-type': 'application/json' }
    const limit = AbortSignal.any([signal, AbortSignal.timeout((WAIT_S + 10) * 1_000)])
    return fetch(new URL(path, base), { method: 'POST', headers, body: JSON.stringify(body), signal: limit })
  }

  async function ask(path: string, body: object): Promise<unknown> {
    const response = await post(path, body)
    if (!response.ok) throw new Error(`${path} answered ${response.status}`)
    return response.json()
  }

  /** 400: it is known from before. */
  async function register(): Promise<void> {
    const response = await post('/api/agents', echoProfile)
    await response.body?.cancel()
    if (!response.ok && response.status !== 400) throw new Error(`/api/agents answered ${response.status}`)
  }

  async function work(): Promise<void> {
    await ask(`${own}/heartbeat`, { status: 'active', details: { says: 'I am part of the playground.' } })
    const { task, lease } = claimed.parse(await ask(`${own}/claim`, { wait_seconds: WAIT_S }))
    if (!task) return void (await clock.sleep(BREATH_MS, signal))
    const answer = answerCommand(task as Asked, clock.now())
    const path = `/api/tasks/${task.id}/${'error' in answer ? 'failure' : 'result'}`
    const response = await post(path, { lease, ...answer })
    // Taken back meanwhile, or gone: no work of this agent any more.
    await response.body?.cancel()
  }

  async function live(): Promise<void> {
    while (!signal.aborted) {
      try {
        await register()
        while (!signal.aborted) await work()
      } catch (error) {
        if (signal.aborted) return
        log.debug({ reason: (error as Error).message }, 'the agent of the playground tries again')
        await clock.sleep(PAUSE_MS, signal)
      }
    }
  }

  const living = live()
  return {
    async stop() {
      stopping.abort()
      await living
    },
  }
}
