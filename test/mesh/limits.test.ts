import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Mesh } from '#src/mesh/mesh.ts'
import { handClock } from '#test/playground/discord/hand-clock.ts'
import { hangs, json, type PeerServer, stalls, startPeer } from './peer-server.ts'
import { failure, get, meshAt, ok, post, stateOf } from './stage.ts'

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
afterEach(() => void vi.useRealTimers())

describe('the time limit', () => {
  test.each([
    ['says nothing', hangs],
    ['begins to answer', stalls],
  ])('a peer that %s is given up when the time is over: a POST is ambiguous, and is not repeated', async (_, behaviour) => {
    const clock = handClock()
    mesh = meshAt(at(), { clock })
    peer.behave(behaviour)
    const call = failure(mesh.call({ ...post, timeoutMs: 800 }, ok))
    await vi.waitFor(() => expect(peer.seen).toHaveLength(1))
    await clock.turn(799)
    expect(stateOf(mesh).inFlight).toBe(1)
    await clock.turn(1)
    expect(await call).toMatchObject({
      message: 'agent-orchestrator did not answer within 0.8 s.',
      fault: { outcome: 'ambiguous', retryable: false },
    })
    expect(stateOf(mesh)).toMatchObject({ failures: 1, inFlight: 0, lastFailure: { reason: 'late' } })
  })

  test('is the configured one unless the call has its own', async () => {
    const clock = handClock()
    mesh = meshAt({ AGENT_ORCHESTRATOR_URL: peer.url, SERVICE_MESH_TIMEOUT: '2' }, { clock })
    peer.behave(hangs)
    const call = failure(mesh.call(get, ok))
    await vi.waitFor(() => expect(peer.seen).toHaveLength(1))
    await clock.turn(2_000)
    expect((await call).message).toContain('within 2 s')
  })

  test('a caller who gives up gets its own reason, and that is no failure of the peer', async () => {
    peer.behave(hangs)
    const caller = new AbortController()
    const call = mesh.call({ ...get, signal: caller.signal }, ok)
    await vi.waitFor(() => expect(peer.seen).toHaveLength(1))
    caller.abort(new Error('the member left'))
    await expect(call).rejects.toThrow('the member left')
    await vi.waitFor(() => expect(stateOf(mesh)).toMatchObject({ failures: 0, inFlight: 0 }))
  })
})

describe('the circuit breaker', () => {
  const fewer = { AGENT_ORCHESTRATOR_URL: '', CIRCUIT_BREAKER_THRESHOLD: '3' }

  test('opens after so many failures in a row, asks no more, and closes when the peer is back', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    mesh = meshAt({ ...fewer, AGENT_ORCHESTRATOR_URL: peer.url })
    peer.behave(json(500, {}))
    for (let turn = 0; turn < 3; turn += 1) await failure(mesh.call(post, ok))
    expect(stateOf(mesh).state).toBe('open')
    const { message, fault } = await failure(mesh.call(get, ok))
    expect(message).toContain('left alone for a moment')
    expect(fault).toMatchObject({ outcome: 'refused', retryable: true, reached: false })
    expect(peer.seen).toHaveLength(3)

    vi.setSystemTime(Date.now() + 10_000)
    await failure(mesh.call(post, ok))
    expect(stateOf(mesh).state).toBe('open')
    expect(peer.seen).toHaveLength(4)

    peer.behave(json(200, { ok: true }))
    vi.setSystemTime(Date.now() + 10_000)
    await mesh.call(get, ok)
    expect(stateOf(mesh).state).toBe('closed')
  })

  test('of one peer is nobody else’s', async () => {
    const other = await startPeer()
    mesh = meshAt({ ...fewer, AGENT_ORCHESTRATOR_URL: peer.url, VOICE_PROCESSOR_URL: other.url })
    peer.behave(json(500, {}))
    for (let turn = 0; turn < 3; turn += 1) await failure(mesh.call(post, ok))
    await expect(mesh.call({ ...get, peer: 'voice-processor' }, ok)).resolves.toEqual({ ok: true })
    expect(stateOf(mesh, 'voice-processor').state).toBe('closed')
    await other.close()
  })
})

describe('the bulkhead', () => {
  test('lets so many through at once, keeps some waiting, and refuses the rest unsent', async () => {
    mesh = meshAt(at(), { limits: { atOnce: 2, waiting: 1 } })
    const held: (() => void)[] = []
    peer.behave((_, response) => void held.push(() => response.end('{"ok":true}')))
    const calls = [1, 2, 3].map(() => mesh.call(post, ok))
    await vi.waitFor(() => expect(held).toHaveLength(2))
    const { message, fault } = await failure(mesh.call(post, ok))
    expect(message).toContain('too much to answer')
    expect(fault).toMatchObject({ outcome: 'refused', reached: false })
    expect(stateOf(mesh).inFlight).toBe(2)
    for (const answer of held.splice(0)) answer()
    await vi.waitFor(() => expect(held).toHaveLength(1))
    held[0]!()
    await expect(Promise.all(calls)).resolves.toHaveLength(3)
  })

  test('who waited for too long was never sent', async () => {
    const clock = handClock()
    mesh = meshAt(at(), { clock, limits: { atOnce: 1, waiting: 5 } })
    peer.behave(hangs)
    const first = failure(mesh.call({ ...post, timeoutMs: 5_000 }, ok))
    await vi.waitFor(() => expect(peer.seen).toHaveLength(1))
    const second = failure(mesh.call({ ...post, timeoutMs: 1_000 }, ok))
    await clock.slept(1_000)
    await clock.turn(1_000)
    expect(await second).toMatchObject({ fault: { outcome: 'refused', reached: false, retryable: true } })
    await clock.turn(4_000)
    expect((await first).fault.outcome).toBe('ambiguous')
    expect(peer.seen).toHaveLength(1)
  })
})
