import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { systemClock } from '#src/kernel/clock.ts'
import type { Mesh } from '#src/mesh/mesh.ts'
import { createTokens } from '#src/tokens/create-tokens.ts'
import { cuts, cutsHalfway, floods, json, type PeerServer, startPeer } from './peer-server.ts'
import { failure, get, meshAt, meshSecret, ok, post, stateOf } from './stage.ts'

let peer: PeerServer
let mesh: Mesh
const at = () => ({ AGENT_ORCHESTRATOR_URL: peer.url })

beforeAll(async () => {
  peer = await startPeer()
})
afterAll(() => peer.close())
beforeEach(() => {
  peer.behave(json(200, { ok: true }))
  mesh = meshAt(at())
})

describe('a call', () => {
  test('arrives with a token for that peer, the trace, the query and the body, and its answer is read', async () => {
    const request = { ...post, query: { limit: 5, skip: undefined } }
    await expect(mesh.call(request, ok)).resolves.toEqual({ ok: true })
    const [{ method, url, headers, body }] = peer.seen as [(typeof peer.seen)[0]]
    expect({ method, url, body, traceparent: headers.traceparent }).toEqual({
      method: 'POST',
      url: '/api/agents?limit=5',
      body: '{"agent_id":"a"}',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    })
    const there = (service: string) => createTokens({ meshSecret, service, defaultRole: 'viewer', clock: systemClock() })
    const token = headers.authorization!.replace('Bearer ', '')
    await expect(there('agent-orchestrator').verify(token)).resolves.toMatchObject({ subject: 'bot', kind: 'service' })
    await expect(there('voice-processor').verify(token)).rejects.toThrow('meant for another service')
  })

  test('goes below the path of the address', async () => {
    mesh = meshAt({ AGENT_ORCHESTRATOR_URL: `${peer.url}/behind/a/gateway/` })
    await mesh.call(get, ok)
    expect(peer.seen[0]!.url).toBe('/behind/a/gateway/api/agents')
  })

  test.each(['/api/../admin', '//elsewhere.example/x', 'http://elsewhere.example', '/api/%2e%2e/x', '/a?b=c', '/a\\b'])(
    'never leaves its address: %s is a bug of the caller',
    async (path) => {
      await expect(mesh.call({ ...get, path }, ok)).rejects.toThrow('path of a request to a peer')
      expect(peer.seen).toEqual([])
    },
  )

  test('may answer with nothing where nothing is expected', async () => {
    peer.behave((_, response) => response.writeHead(204).end())
    await expect(mesh.call({ ...get, method: 'DELETE' }, z.undefined())).resolves.toBeUndefined()
  })
})

describe('a peer that refuses', () => {
  test('is heard in its own words, is asked once, and its breaker stays closed', async () => {
    peer.behave(json(404, { detail: 'There is no agent “x”.' }))
    for (let turn = 0; turn < 10; turn += 1) {
      const { message, fault } = await failure(mesh.call(get, ok))
      expect(message).toBe('There is no agent “x”.')
      expect(fault).toMatchObject({
        provider: 'agent-orchestrator',
        operation: 'GET /api/agents',
        status: 404,
        outcome: 'refused',
        retryable: false,
      })
    }
    expect(peer.seen).toHaveLength(10)
    expect(stateOf(mesh)).toMatchObject({ state: 'closed', calls: 10, failures: 0, inFlight: 0 })
  })

  test('for what does not fit says which field, in sentences', async () => {
    const faults = [
      { loc: ['body', 'name'], msg: 'must be a word' },
      { loc: ['body', 'list', 0], msg: 'Required.' },
      { loc: ['body'], msg: 'The body is not JSON.' },
      { loc: ['query', 'fourth'], msg: 'is one too many to say' },
    ]
    peer.behave(json(422, { detail: [null, 'x', ...faults] }))
    expect((await failure(mesh.call(post, ok))).message).toBe('“name” must be a word. “list.0”: Required. The body is not JSON.')
  })

  test('without a word is described', async () => {
    peer.behave((_, response) => response.writeHead(403).end('<html>no</html>'))
    expect((await failure(mesh.call(get, ok))).message).toBe('agent-orchestrator refused (HTTP 403).')
  })

  test('because of the pace says when it may be asked again', async () => {
    peer.behave(json(429, { detail: 'Slow down.' }, { 'retry-after': '7' }))
    expect((await failure(mesh.call(get, ok))).fault).toMatchObject({ status: 429, retryable: true, retryAfterMs: 7_000 })
    expect(stateOf(mesh).failures).toBe(0)
  })
})

describe('a peer that fails', () => {
  test('is asked again where that does no harm, with pauses', async () => {
    peer.behave(cuts, json(503, {}), json(200, { ok: true }))
    await expect(mesh.call(get, ok)).resolves.toEqual({ ok: true })
    expect(peer.seen).toHaveLength(3)
    expect(stateOf(mesh)).toMatchObject({ calls: 3, failures: 2, lastFailure: { reason: 'answered 503' } })
  })

  test('is asked no more than three times', async () => {
    peer.behave(json(502, { detail: 'No.' }))
    expect(await failure(mesh.call(get, ok))).toMatchObject({
      message: 'No.',
      fault: { status: 502, outcome: 'ambiguous', retryable: true },
    })
    expect(peer.seen).toHaveLength(3)
  })

  test.each([
    ['cuts the connection', cuts, 'The connection to agent-orchestrator was lost before it had answered.'],
    ['cuts it halfway', cutsHalfway, 'The connection to agent-orchestrator was lost before it had answered.'],
    ['answers 500', json(500, { detail: 'A fault of our own.' }), 'A fault of our own.'],
    ['answers for ever', floods, 'agent-orchestrator answered more than can be taken.'],
  ])('a POST to one that %s is sent once, and nobody knows what came of it', async (_, behaviour, message) => {
    mesh = meshAt(at(), { limits: { mostBytes: 1_000_000 } })
    peer.behave(behaviour)
    expect(await failure(mesh.call(post, ok))).toMatchObject({ message, fault: { outcome: 'ambiguous', retryable: false } })
    expect(peer.seen).toHaveLength(1)
    expect(stateOf(mesh)).toMatchObject({ failures: 1, inFlight: 0 })
  })

  test('a POST that may be repeated is', async () => {
    peer.behave(cuts, json(200, { ok: true }))
    await expect(mesh.call({ ...post, idempotent: true }, ok)).resolves.toEqual({ ok: true })
    expect(peer.seen.map(({ body }) => body)).toEqual(['{"agent_id":"a"}', '{"agent_id":"a"}'])
  })

  test('a small answer that unpacks to a large one is refused', async () => {
    mesh = meshAt(at(), { limits: { mostBytes: 100_000 } })
    const bomb = gzipSync(JSON.stringify({ ok: true, more: 'x'.repeat(1_000_000) }))
    peer.behave((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb))
    expect((await failure(mesh.call(get, ok))).message).toBe('agent-orchestrator answered more than can be taken.')
  })

  test('a redirect is not followed, whatever it says', async () => {
    const elsewhere = await startPeer()
    peer.behave((_, response) => response.writeHead(307, { location: elsewhere.url }).end())
    expect((await failure(mesh.call(get, ok))).message).toContain('redirect, which is not followed')
    expect(elsewhere.seen).toEqual([])
    await elsewhere.close()
  })

  test.each([
    ['no JSON', (_: unknown, response: import('node:http').ServerResponse) => response.end('<html>hello</html>')],
    ['JSON of another shape', json(200, { ok: 'yes' })],
    ['nothing', (_: unknown, response: import('node:http').ServerResponse) => response.end()],
  ])('an answer that is %s is said to be something else', async (_, behaviour) => {
    peer.behave(behaviour as Parameters<PeerServer['behave']>[0])
    expect((await failure(mesh.call(get, ok))).message).toContain('answered something else than it should')
    expect(stateOf(mesh)).toMatchObject({ state: 'closed', failures: 0 })
  })

  test('where nobody listens, nothing was sent and nothing was done', async () => {
    const gone = await startPeer()
    await gone.close()
    mesh = meshAt({ AGENT_ORCHESTRATOR_URL: gone.url })
    const { message, fault } = await failure(mesh.call(post, ok))
    expect(message).toBe('agent-orchestrator cannot be reached.')
    expect(fault).toMatchObject({ outcome: 'refused', retryable: true, reached: false })
  })
})

describe('where peers are', () => {
  test('by variable, else by private name on Railway, else unconfigured; nobody is a peer of itself', async () => {
    mesh = meshAt({ RAILWAY_PRIVATE_DOMAIN: 'bot.railway.internal', AGENT_ORCHESTRATOR_URL: peer.url })
    expect(mesh.states().map(({ peer, url, from }) => [peer, url, from])).toEqual([
      ['websocket-streaming', 'http://websocket-streaming.railway.internal:8080', 'private network'],
      ['agent-orchestrator', peer.url, 'variable'],
      ['voice-processor', 'http://voice-processor.railway.internal:8080', 'private network'],
      ['zapier-integration', 'http://zapier-integration.railway.internal:8080', 'private network'],
    ])
    expect(mesh.url('voice-processor')?.host).toBe('voice-processor.railway.internal:8080')
    const nowhere = meshAt({})
    expect(nowhere.states().every(({ state, url }) => state === 'unconfigured' && url === undefined)).toBe(true)
    expect(nowhere.url('voice-processor')).toBeUndefined()
    const { message, fault } = await failure(nowhere.call(get, ok))
    expect(message).toBe('agent-orchestrator cannot be asked, as AGENT_ORCHESTRATOR_URL is not set.')
    expect(fault).toMatchObject({ outcome: 'refused', retryable: false, reached: false })
  })

  test('without the secret of the mesh nobody is asked, and the variable is named', async () => {
    mesh = meshAt(at(), { secret: undefined })
    expect((await failure(mesh.call(get, ok))).message).toContain('SERVICE_MESH_SECRET is not set')
    expect(peer.seen).toEqual([])
  })
})
