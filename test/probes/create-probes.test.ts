import { afterEach, describe, expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import { systemClock } from '#src/kernel/clock.ts'
import { ConfigError } from '#src/kernel/errors.ts'
import { createProbes, type ProbesDeps } from '#src/probes/create-probes.ts'
import type { Target } from '#src/probes/probe.ts'
import { handClock } from '#test/playground/discord/hand-clock.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { type OtherEnd, otherEnd } from './other-end.ts'

const open: OtherEnd[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()))
})

const healthy = { '/health': { json: { status: 'healthy', service: 'x', components: { redis: { status: 'up' } } } } }
const echo = (socket: WebSocket) => socket.on('message', (data) => socket.send(`Echo: ${data}`))

async function at(...given: Parameters<typeof otherEnd>): Promise<OtherEnd> {
  const end = await otherEnd(...given)
  open.push(end)
  return end
}

function probesOf(urls: Partial<Record<Target, URL>>, more: Partial<ProbesDeps> = {}) {
  return createProbes({
    mesh: { url: (peer) => (peer === 'bot' ? undefined : urls[peer]) },
    tokens: { forService: async (audience) => `token-for-${audience}` },
    clock: systemClock(),
    log: quietLog(),
    claude: urls['claude-api'],
    ...more,
  })
}

async function probed(target: Target, url: URL, more: Partial<ProbesDeps> = {}) {
  const [found] = await probesOf({ [target]: url }, more).run()
  return found!
}

describe('each service is used for what it is', () => {
  test('websocket: connect, authenticate, receive, in a stream that is busy', async () => {
    const end = await at(healthy, (socket) => {
      socket.send('{"type":"consciousness_update"}')
      echo(socket)
    })
    const found = await probed('websocket-streaming', end.url)
    expect(found).toMatchObject({ state: 'well', trouble: undefined, down: [], openOnly: false })
    expect(found.sentence).toContain('gave back what it was sent')
    const [health, socket] = end.seen
    expect(health).toEqual({ path: '/health', authorization: undefined })
    expect(socket?.path).toMatch(/^\/ws\/consciousness\?client_id=helix-probe-/)
    expect(socket?.authorization).toBe('Bearer token-for-websocket-streaming')
  })

  test('orchestrator, voice and zapier: their own routes, with a token for each', async () => {
    const orchestrator = await at({ ...healthy, '/api/agents/status': { json: { agentCount: 2, statuses: {} } } })
    const voice = await at({ ...healthy, '/api/transcribe/test': { json: { status: 'success', test: 'hello' } } })
    const zapier = await at({ ...healthy, '/api/webhooks/status': { json: { webhookCount: 1_204, status: 'operational' } } })
    const probes = probesOf({ 'agent-orchestrator': orchestrator.url, 'voice-processor': voice.url, 'zapier-integration': zapier.url })
    expect(probes.last()).toEqual([])
    const found = await probes.run()
    expect(found.map(({ target, state, sentence }) => [target, state, sentence])).toEqual([
      ['agent-orchestrator', 'well', 'It knows 2 agents.'],
      ['voice-processor', 'well', 'It transcribed its test clip.'],
      ['zapier-integration', 'well', 'Its webhooks are operational, 1,204 taken so far.'],
    ])
    expect(zapier.seen.at(-1)?.authorization).toBe('Bearer token-for-zapier-integration')
    expect(probes.last()).toEqual(found)
  })

  test('the Claude API: whichever health route it has, and never a token', async () => {
    const end = await at({ '/health/live': { json: { alive: true } } })
    await expect(probed('claude-api', end.url)).resolves.toMatchObject({ state: 'well', sentence: 'It answers its health check.' })
    expect(end.seen.map(({ path, authorization }) => [path, authorization])).toEqual([
      ['/health', undefined],
      ['/health/ready', undefined],
      ['/health/live', undefined],
    ])
  })

  test('without a secret only what is open is looked at, and that is said', async () => {
    const end = await at(healthy)
    const forService = async () => {
      throw new ConfigError(['SERVICE_MESH_SECRET is missing'])
    }
    await expect(probed('zapier-integration', end.url, { tokens: { forService } })).resolves.toMatchObject({
      state: 'well',
      openOnly: true,
    })
    expect(end.seen).toHaveLength(1)
  })
})

describe('what fails is named', () => {
  test('a component that is down', async () => {
    const components = { redis: { status: 'down', reason: 'failed' }, postgres: { status: 'up' } }
    const end = await at({
      '/health': { json: { status: 'degraded', components } },
      '/api/webhooks/status': { json: { webhookCount: 0, status: 'operational' } },
    })
    await expect(probed('zapier-integration', end.url)).resolves.toMatchObject({
      state: 'degraded',
      trouble: 'degraded',
      down: ['redis'],
      sentence: 'It answers, but says that redis is down.',
    })
  })

  test('a component as older services say it', async () => {
    const end = await at({ '/health': { json: { status: 'healthy', database: 'disconnected', redis: 'connected' } } })
    await expect(probed('claude-api', end.url)).resolves.toMatchObject({ state: 'degraded', down: ['database'] })
  })

  test('a use that fails while the health is fine, and the component that may be why', async () => {
    const end = await at({
      '/health': { json: { status: 'degraded', components: { postgres: { status: 'down' } } } },
      '/api/agents/status': { status: 500, json: { detail: 'incident 1' } },
    })
    const found = await probed('agent-orchestrator', end.url)
    expect(found).toMatchObject({ state: 'failing', trouble: 'its own error', down: ['postgres'] })
    expect(found.sentence).toBe('/api/agents/status answered with an error of its own (500). It answers, but says that postgres is down.')
  })

  test.each([401, 403] as const)('a token that is refused with %s', async (status) => {
    const end = await at({ ...healthy, '/api/agents/status': { status, json: { detail: 'no' } } })
    await expect(probed('agent-orchestrator', end.url)).resolves.toMatchObject({ state: 'failing', trouble: 'not authorised' })
  })

  test('a WebSocket that is refused at the door, or closed for the token', async () => {
    const atDoor = await at(healthy, undefined, 401)
    await expect(probed('websocket-streaming', atDoor.url)).resolves.toMatchObject({ state: 'failing', trouble: 'not authorised' })
    const closed = await at(healthy, (socket) => socket.close(1008))
    await expect(probed('websocket-streaming', closed.url)).resolves.toMatchObject({ trouble: 'not authorised' })
    const cut = await at(healthy, (socket) => socket.terminate())
    await expect(probed('websocket-streaming', cut.url)).resolves.toMatchObject({ trouble: 'connection lost' })
  })

  test('nothing listens', async () => {
    const end = await at(healthy)
    await end.close()
    const found = await probed('claude-api', end.url)
    expect(found).toMatchObject({ state: 'failing', trouble: 'connection refused' })
  })

  test('the name is not known', async () => {
    const found = await probed('claude-api', new URL('http://nowhere.invalid'))
    expect(found).toMatchObject({ state: 'failing', trouble: 'name not found', sentence: 'Its name is not known to DNS.' })
  })

  test('no TLS where TLS is asked', async () => {
    const end = await at(healthy)
    const found = await probed('claude-api', new URL(`https://${end.url.host}`))
    expect(found).toMatchObject({ state: 'failing', trouble: 'TLS' })
  })

  test.each<[string, Parameters<typeof otherEnd>[0], string]>([
    ['a page', { '/health': { text: '<html>hello</html>' } }, 'unexpected answer'],
    ['too much', { '/health': { text: 'x'.repeat(200_000) } }, 'unexpected answer'],
    ['another program', {}, 'nothing there'],
    ['a redirect', { '/health': { status: 302, json: {} } }, 'unexpected answer'],
    ['one that is stopping', { '/health': { status: 503, json: { status: 'unhealthy' } } }, 'its own error'],
    ['one without words', { '/health': { json: null } }, 'unexpected answer'],
  ])('%s', async (_, replies, trouble) => {
    const end = await at(replies)
    await expect(probed('claude-api', end.url)).resolves.toMatchObject({ state: 'failing', trouble })
  })

  test('a clip that is not understood', async () => {
    const end = await at({ ...healthy, '/api/transcribe/test': { json: { status: 'unavailable', test: 'Google Speech' } } })
    await expect(probed('voice-processor', end.url)).resolves.toMatchObject({ state: 'failing', trouble: 'degraded' })
  })
})

describe('a probe is bounded', () => {
  test.each<[string, Target, Parameters<typeof otherEnd>]>([
    ['an answer that never comes', 'claude-api', [{ '/health': 'hang' }]],
    ['an echo that never comes', 'websocket-streaming', [healthy, () => {}]],
  ])('%s', async (_, target, given) => {
    const end = await at(...given)
    const clock = handClock()
    const running = probed(target, end.url, { clock })
    await clock.slept(5_000)
    if (target === 'websocket-streaming') await expect.poll(() => end.seen.length).toBe(2)
    await clock.turn(5_000)
    await expect(running).resolves.toMatchObject({ state: 'failing', trouble: 'no answer in time', latencyMs: 5_000 })
  })

  test('a round under way is joined, and what may not be asked is left alone', async () => {
    const end = await at(healthy)
    const probes = probesOf({ 'claude-api': end.url, 'zapier-integration': new URL('http://asleep.invalid') })
    const mayAsk = ({ hostname }: URL) => hostname !== 'asleep.invalid'
    const [first, second] = await Promise.all([probes.run(mayAsk), probes.run(mayAsk)])
    expect(second).toEqual(first)
    expect(first.map(({ target }) => target)).toEqual(['claude-api'])
    expect(end.seen).toHaveLength(1)
  })
})
