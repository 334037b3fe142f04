import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { token } from '../conformance/existing-client.ts'
import type { DiscordUser } from '../support/discord-user.ts'
import { type RunningPlayground, startPlayground } from '../support/playground.ts'

const DEADLINE = 60_000
const JWT_SECRET = 'what the users of this playground sign their tokens with'
const ZAPIER_SECRET = 'what Zapier signs its webhooks with, here'
let playground: RunningPlayground
let admin: DiscordUser
let operator: DiscordUser

beforeAll(async () => {
  playground = await startPlayground({ env: { JWT_SECRET, ZAPIER_SECRET } })
  ;[admin, operator] = await Promise.all([playground.user('admin'), playground.user('operator')])
}, 90_000)
afterAll(() => playground?.stop())

const authorization = `Bearer ${token({ sub: 'a program' }, JWT_SECRET)}`

interface Replica {
  readonly service?: string
  readonly environment?: string
  readonly port: number
  readonly pid: number
  readonly status?: string
}

async function replicaOf(name: string, environment = 'production'): Promise<Replica> {
  const { processes }: { processes: readonly Replica[] } = await playground.state()
  return processes.find((each) => each.service === name && each.environment === environment)!
}

async function addressOf(name: string, environment?: string): Promise<string> {
  return `127.0.0.1:${(await replicaOf(name, environment)).port}`
}

async function ask(service: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = { authorization }) {
  const answer = await fetch(`http://${await addressOf(service)}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  expect(answer.ok, `${path}: ${answer.status} ${await answer.clone().text()}`).toBe(true)
  return answer.json()
}

describe('the four services of production, through Discord', { timeout: DEADLINE }, () => {
  test('a command given in Discord reaches an agent, and its result comes back', async () => {
    await ask('agent-orchestrator', '/api/agents', { agent_id: 'kael', name: 'Kael', role: 'ethics', capabilities: ['reflect'] })
    const working = (async () => {
      const { task, lease } = await ask('agent-orchestrator', '/api/agents/kael/claim', { wait_seconds: 20 })
      await ask('agent-orchestrator', `/api/tasks/${task.id}/result`, { lease, result: { verdict: 'all is well' } })
      return task
    })()
    const answer = await operator.slash('agents command', { agent: 'kael', command: 'reflect', wait: 20 }, { deadlineMs: DEADLINE })
    expect(await working).toMatchObject({ agent_id: 'kael', task_data: expect.objectContaining({ command: 'reflect' }) })
    expect((await answer.until((each) => /all is well/.test(each.text), DEADLINE)).text).toContain('kael')
    expect((await operator.slash('agents list')).text).toContain('kael')
    expect((await operator.slash('agents tasks', { agent: 'kael' })).text).toContain('completed')
  })

  test('the agent of the playground is there to be tried, and comes back after its orchestrator restarted', async () => {
    const echo = () => operator.slash('agents command', { agent: 'playground-echo', command: 'echo', arguments: 'text=hello', wait: 20 })
    expect((await operator.slash('agents list')).text).toContain('playground-echo')
    expect((await echo()).text).toContain('{"echo":{"text":"hello"}}')
    const { pid } = await replicaOf('agent-orchestrator')
    process.kill(pid, 'SIGKILL')
    await again(
      () => replicaOf('agent-orchestrator'),
      (replica) => replica !== undefined && replica.pid !== pid && replica.status === 'RUNNING',
    )
    expect((await echo()).text).toContain('{"echo":{"text":"hello"}}')
  })

  test('a signed webhook starts the command of its rule: a restart in production, confirmed beforehand by who made the rule', async () => {
    const made = await admin.slash('zapier rule add', {
      name: 'restart-on-alarm',
      event: 'alarm.*',
      command: 'restart',
      arguments: 'service={{payload.service}}',
    })
    expect(made.text).toMatch(/restart/)
    const before = (await replicaOf('websocket-streaming')).pid
    const body = JSON.stringify({ service: 'websocket-streaming', why: 'it is stuck' })
    const signature = createHmac('sha256', ZAPIER_SECRET).update(body).digest('hex')
    const sent = { 'x-zapier-event': 'alarm.raised', 'x-zapier-signature': signature }
    const { event_id } = await ask('zapier-integration', '/webhook/zapier', body, sent)
    expect(event_id).toMatch(/./)
    const listed = await again(
      () => operator.slash('zapier events'),
      ({ text }) => /restart-on-alarm/.test(text) && /done/.test(text),
    )
    expect(listed.text).toMatch(/alarm\.raised/)
    await again(
      () => replicaOf('websocket-streaming'),
      (replica) => replica !== undefined && replica.pid !== before && replica.status === 'RUNNING',
    )
    // The team sees it happen, where the rule was made.
    const shown = await operator.message(({ text }) => /Restart/.test(text) && /there is the rule restart-on-alarm/.test(text), DEADLINE)
    const ended = await shown.until(({ buttons }) => buttons.includes('Health'), DEADLINE)
    expect(ended.channel).toBe(made.channel)
    expect(ended.buttons).toEqual(['Logs', 'Health'])
  })

  test('a reading that is published streams to who listens there, and not to who listens in staging', async () => {
    const listen = async (environment: string) => {
      const socket = new WebSocket(`ws://${await addressOf('websocket-streaming', environment)}/ws/consciousness?client_id=test`, {
        headers: { authorization },
      })
      await once(socket, 'open')
      return socket
    }
    const [production, staging] = await Promise.all([listen('production'), listen('staging')])
    const strays: string[] = []
    staging.on('message', (data) => strays.push(String(data)))
    const heard = once(production, 'message')
    const reading = { agent_id: 'kael', consciousness_level: 7.5, ucf_metrics: { harmony: 0.8 }, timestamp: '2026-11-21T10:00:00Z' }
    await ask('websocket-streaming', '/api/consciousness/publish', reading)
    expect(JSON.parse(String((await heard)[0]))).toMatchObject(reading)
    // What staging would have had by now, it has: its own echo comes after it.
    staging.send('over')
    while (strays.length === 0) await once(staging, 'message')
    expect(strays).toEqual(['Echo: over'])
    for (const socket of [production, staging]) socket.terminate()
  })

  test('/doctor and /health know every one of them by its probe: the voice processor transcribed its test clip', async () => {
    const doctor = await again(
      () => admin.slash('doctor'),
      ({ text }) => /transcribed its test clip/.test(text),
    )
    for (const name of ['websocket-streaming', 'agent-orchestrator', 'voice-processor', 'zapier-integration'])
      expect(doctor.text).toMatch(new RegExp(`${name}: .*Found by its variable`))
    const health = await again(
      () => operator.slash('health'),
      ({ text }) => /All is well: 4 services/.test(text),
    )
    expect(health.text).toContain('production')
  })
})

/** Asks until the answer is as it must become, for half a minute. */
async function again<Answer>(act: () => Promise<Answer>, holds: (answer: Answer) => boolean): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await act()
    if (holds(answer)) return answer
    if (attempt === 60) throw new Error(`it never came: ${JSON.stringify(answer)}`)
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}
