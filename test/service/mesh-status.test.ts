import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Mesh } from '#src/mesh/mesh.ts'
import { createServiceApp, type ServiceApp } from '#src/service/service-app.ts'
import { type PeerServer, startPeer } from '#test/mesh/peer-server.ts'
import { failure, meshAt, ok, post } from '#test/mesh/stage.ts'
import { bearer, serviceBase } from '#test/support/service.ts'

let peer: PeerServer
let mesh: Mesh
let app: ServiceApp

beforeEach(async () => {
  peer = await startPeer()
  mesh = meshAt({ AGENT_ORCHESTRATOR_URL: peer.url, CIRCUIT_BREAKER_THRESHOLD: '1' })
  app = createServiceApp({ ...serviceBase('bot'), mesh, name: 'helix', description: 'A test', components: {} })
})
afterEach(async () => {
  await app.stop(0)
  await peer.close()
})

const get = async (url: string, headers = {}) => (await app.http.inject({ url, headers })).json()
const status = () => get('/api/v1/system/service-mesh-status', bearer())

test('tells of every peer: where it is, how its breaker stands, what went wrong last', async () => {
  expect(await status()).toMatchObject({
    service: 'helix',
    status: 'healthy',
    services: {
      'agent-orchestrator': { state: 'closed', url: peer.url, from: 'variable', calls: 0, failures: 0, inFlight: 0, lastFailure: null },
      'voice-processor': { state: 'unconfigured', url: null, from: null },
    },
  })
  peer.behave((_, response) => response.writeHead(500).end())
  await failure(mesh.call(post, ok))
  const { status: whole, services } = await status()
  expect(whole).toBe('degraded')
  expect(services['agent-orchestrator']).toMatchObject({
    state: 'open',
    calls: 1,
    failures: 1,
    lastFailure: { at: expect.any(String), reason: 'answered 500' },
  })
})

test('has figures of every configured peer for Prometheus, to whom no address is told', async () => {
  const metrics = async () => (await app.http.inject('/metrics')).body
  const line = (text: string, name: string) => text.split('\n').filter((each) => each.startsWith(name))
  expect(line(await metrics(), 'mesh_calls_total')).toEqual(['mesh_calls_total{peer="agent-orchestrator",service="helix"} 0'])
  await mesh.call(post, ok)
  peer.behave((_, response) => response.writeHead(500).end())
  await failure(mesh.call(post, ok))
  const text = await metrics()
  const of = (more = '') => `{peer="agent-orchestrator",${more}service="helix"}`
  expect(line(text, 'mesh_')).toEqual([
    `mesh_calls_total${of()} 2`,
    `mesh_failures_total${of()} 1`,
    `mesh_calls_in_flight${of()} 0`,
    `mesh_breaker_state${of('state="closed",')} 0`,
    `mesh_breaker_state${of('state="half-open",')} 0`,
    `mesh_breaker_state${of('state="open",')} 1`,
  ])
  expect(text).not.toContain(peer.url)
})

test('asks for a token, as addresses are nobody else’s business', async () => {
  expect((await app.http.inject('/api/v1/system/service-mesh-status')).statusCode).toBe(401)
})

test('a peer that is away degrades nobody: /health shows the breakers beside the components, and stays healthy', async () => {
  peer.behave((_, response) => response.writeHead(500).end())
  await failure(mesh.call(post, ok))
  const health = await get('/health')
  expect(health).toMatchObject({ status: 'healthy', mesh: { 'agent-orchestrator': 'open', 'voice-processor': 'unconfigured' } })
  expect(JSON.stringify(health)).not.toContain(peer.url)
  expect(await get('/health/ready')).toMatchObject({ ready: true })
})

test('a process without a mesh has nobody to tell of', async () => {
  const alone = createServiceApp({ ...serviceBase('x'), name: 'x', description: 'A test', components: {} })
  const answer = await alone.http.inject({ url: '/api/v1/system/service-mesh-status', headers: bearer() })
  expect(answer.json()).toEqual({ service: 'x', status: 'healthy', services: {} })
  expect((await alone.http.inject('/health')).json()).not.toHaveProperty('mesh')
  await alone.stop(0)
})
