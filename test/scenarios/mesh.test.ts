import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type CallAnswer, callAnswer, callsPath } from '#src/automation/call-wire.ts'
import { meshVariables } from '#src/config/mesh-variables.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { type Peer, peers } from '#src/kernel/peers.ts'
import { createMesh } from '#src/mesh/create-mesh.ts'
import { meshStatus } from '#src/service/mesh-status.ts'
import { noTracing } from '#src/tracing/tracing.ts'
import { type RunningPlayground, startPlayground } from '#test/support/playground.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { bearer, secrets, tokensOf } from '#test/support/service.ts'

const statusPath = '/api/v1/system/service-mesh-status'
let playground: RunningPlayground
let services: Readonly<Record<string, string>>
let bot: string

async function statusAt(url: string): Promise<z.output<typeof meshStatus>> {
  const response = await fetch(`${url}${statusPath}`, { headers: bearer({ sub: 'ops', role: 'viewer' }) })
  return meshStatus.parse(await response.json())
}

/** As the zapier-integration of production calls the bot. */
async function call(body: object): Promise<CallAnswer> {
  const mesh = createMesh({
    self: 'zapier-integration',
    config: z.object(meshVariables).parse({ HELIX_BOT_URL: bot, SERVICE_MESH_TIMEOUT: '20' }),
    tokens: tokensOf('zapier-integration'),
    tracing: noTracing,
    clock: systemClock(),
    log: quietLog(),
  })
  return mesh.call({ peer: 'bot', method: 'POST', path: callsPath, body, idempotent: true }, callAnswer)
}

beforeAll(async () => {
  playground = await startPlayground({ env: { PLAYGROUND_PORT: '0', ...secrets } })
  const state: { services: { name: string; urls: Record<string, string> }[] } = await playground.state()
  services = Object.fromEntries(state.services.map(({ name, urls }) => [name, urls.production!]))
  bot = (await statusAt(services['zapier-integration']!)).services.bot!.url!
}, 120_000)
afterAll(() => playground?.stop(), 30_000)

test('the bot and every service know where the others are, and say so', async () => {
  for (const self of peers) {
    const others = peers.filter((peer) => peer !== self)
    const { services: found } = await statusAt(self === 'bot' ? bot : services[self]!)
    const expected = Object.fromEntries(others.map((peer: Peer) => [peer, peer === 'bot' ? bot : services[peer]]))
    expect(Object.fromEntries(Object.entries(found).map(([name, { url }]) => [name, url]))).toEqual(expected)
  }
  const health = await (await fetch(`${bot}/health`)).json()
  expect(Object.keys(health.mesh)).toEqual(peers.filter((peer) => peer !== 'bot'))
  expect(JSON.stringify(health.mesh)).not.toContain('127.0.0.1')
})

test('a service calls a command of the bot: staging at once, production only when a person has confirmed it', {
  timeout: 60_000,
}, async () => {
  const request = { command: 'restart', arguments: { service: 'voice-processor' }, reason: 'The tests want it.' }
  const key = `scenario-${Date.now()}`
  const started = await call({ ...request, key, environment: 'staging' })
  expect(started).toEqual({ status: 'started', sentence: expect.stringContaining('voice-processor'), operation: expect.any(String) })
  expect(await call({ ...request, key, environment: 'staging' })).toMatchObject({ operation: started.operation })
  const held = await call({ ...request, key: `${key}-production`, environment: 'production' })
  expect(held).toEqual({ status: 'needs-confirmation', sentence: expect.stringContaining('nobody has confirmed it') })
})
