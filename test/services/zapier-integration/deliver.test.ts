import { afterEach, expect, test } from 'vitest'
import { createDeliver } from '#services/zapier-integration/hooks/deliver.ts'
import { workFor } from '#services/zapier-integration/hooks/followed-streams.ts'
import { hookFor } from '#services/zapier-integration/hooks/hooks.ts'
import { checkSignature } from '#services/zapier-integration/webhook/signature.ts'
import { pauseAfter } from '#services/zapier-integration/work/backoff.ts'
import { hookUrl } from '#src/config/variables.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import { type Reply, startStandIn } from './stand-in.ts'

const secret = 'the secret of the webhooks'
const endings: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0)) await end()
})

async function hook(reply: Reply | 'hang', timeoutMs?: number) {
  const standIn = await startStandIn(() => reply)
  endings.push(standIn.stop)
  const options = { hook: 'communications-hub', url: standIn.url, secret, clock: systemClock(), ...(timeoutMs && { timeoutMs }) }
  return { ...standIn, deliver: createDeliver(options) }
}

const faultOf = (doing: Promise<unknown>) =>
  doing.then(
    () => undefined,
    (error: unknown) => (error instanceof UpstreamError ? error.fault : error),
  )

test('what is delivered is signed as webhooks are, and carries the id under which a second one may be dropped', async () => {
  const { deliver, received } = await hook({ status: 200 })
  expect(await deliver('e1', '{"name":"Ada"}')).toMatchObject({ state: 'done' })
  const { headers, text } = received[0]!
  expect([text, headers['x-helix-event-id']]).toEqual(['{"name":"Ada"}', 'e1'])
  const signature = headers['x-zapier-signature'] as string
  const timestamp = headers['x-zapier-timestamp'] as string
  expect(() => checkSignature({ signature, timestamp, body: Buffer.from(text), secret, now: new Date() })).not.toThrow()
})

test.each([500, 503, 408, 429])('%i is tried again', async (status) => {
  const { deliver } = await hook({ status })
  expect(await faultOf(deliver('e1', '{}'))).toMatchObject({ status, retryable: true })
})

test('what the hook asks by Retry-After is kept, in seconds or as a date', async () => {
  const inSeconds = await hook({ status: 429, headers: { 'retry-after': '7' } })
  expect(await faultOf(inSeconds.deliver('e1', '{}'))).toMatchObject({ retryAfterMs: 7_000 })
  const asDate = await hook({ status: 503, headers: { 'retry-after': new Date(Date.now() + 60_000).toUTCString() } })
  const fault = (await faultOf(asDate.deliver('e1', '{}'))) as { retryAfterMs: number }
  expect(fault.retryAfterMs).toBeGreaterThan(55_000)
})

test.each([400, 401, 404, 410])('%i is final', async (status) => {
  const { deliver } = await hook({ status })
  expect(await deliver('e1', '{}')).toMatchObject({ state: 'refused' })
})

test('a redirect is not followed', async () => {
  const elsewhere = await hook({ status: 200 })
  const { deliver } = await hook({ status: 302, headers: { location: elsewhere.url.href } })
  expect(await deliver('e1', '{}')).toMatchObject({ state: 'refused' })
  expect(elsewhere.received).toEqual([])
})

test('one that does not answer in time, or is not there, is tried again', async () => {
  const { deliver } = await hook('hang', 50)
  expect(await faultOf(deliver('e1', '{}'))).toMatchObject({ retryable: true, outcome: 'ambiguous' })
  const gone = await hook({ status: 200 })
  await endings.pop()!()
  expect(await faultOf(gone.deliver('e1', '{}'))).toMatchObject({ retryable: true })
})

test('pauses double, vary, and end at ten minutes; a hook may ask for an hour at most', () => {
  expect([1, 2, 3, 20].map((attempts) => pauseAfter(attempts, 0))).toEqual([1_000, 2_000, 4_000, 600_000])
  expect(pauseAfter(3, 1)).toBe(2_000)
  expect(pauseAfter(1, 0, 30_000)).toBe(30_000)
  expect(pauseAfter(1, 0, 86_400_000)).toBe(3_600_000)
})

test('a trigger goes to the hook that it names, else that its name tells, else to the hub', () => {
  expect(hookFor('deploy_done', 'neural-network')).toBe('neural-network')
  expect(hookFor('consciousness_low', null)).toBe('consciousness-engine')
  expect(hookFor('agent_created', undefined)).toBe('neural-network')
  expect(hookFor('deploy_done', null)).toBe('communications-hub')
})

test('of readings the newest is sent for each subject; every other entry is sent', () => {
  const now = new Date('2026-11-21T12:00:00Z')
  const entry = { id: '1732190000000-0', text: '', number: 7 }
  const reading = workFor({ ...entry, channel: 'consciousness_stream', message: { agent_id: 'kael', consciousness_level: 7 } }, now)
  expect(reading).toMatchObject({ lane: 'consciousness-engine', version: 1_732_190_000_000_000, dueAt: new Date(now.getTime() + 5_000) })
  const next = workFor({ ...entry, id: '1732190000001-0', number: 8, channel: 'consciousness_stream', message: { agent_id: 'kael' } }, now)
  expect(next.key).toBe(reading.key)
  const event = workFor({ ...entry, channel: 'agent_events', message: { event: 'agent_created' } }, now)
  expect(event).toMatchObject({ lane: 'neural-network', key: 'neural-network:agent_events:1732190000000-0', dueAt: now })
})

test.each([
  ['https://hooks.zapier.com/x', true],
  ['http://127.0.0.1:5/x', true],
  ['http://localhost/x', true],
  ['http://hooks.zapier.com/x', false],
  ['http://127.0.0.1.example.com/x', false],
  ['ftp://hooks.zapier.com', false],
])('%s as the address of a hook: %s', (url, is) => expect(hookUrl.safeParse(url).success).toBe(is))
