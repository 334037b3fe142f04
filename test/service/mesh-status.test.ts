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
