import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serviceNames } from '../services/service-process.ts'
import { type ExistingClient, startForExistingClient, token } from './existing-client.ts'

/** A route of each that asks for a token. */
const guarded = {
  'websocket-streaming': '/api/consciousness/metrics',
  'agent-orchestrator': '/api/agents',
  'voice-processor': '/api/events',
  'zapier-integration': '/api/events',
} as const

describe.each(serviceNames)('%s, to whoever knows the services of before', (name) => {
  let client: ExistingClient
  beforeAll(async () => {
    client = await startForExistingClient(name, { ZAPIER_SECRET: 'the secret of the webhooks' })
  })
  afterAll(() => client?.stop())
  const withoutToken = (path: string, authorization = '') => client.ask('GET', path, undefined, { authorization })

  test('GET /health says healthy and which service, to anyone', async () => {
    const { status, body } = await withoutToken('/health')
    expect([status, body]).toEqual([200, expect.objectContaining({ status: 'healthy', service: name })])
  })
  test('GET /api/info says name, version and description, to anyone', async () => {
    const { status, body } = await withoutToken('/api/info')
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({ name: expect.any(String), version: expect.stringMatching(/^\d+\.\d+/), description: expect.any(String) }),
    ])
  })
  test.each([
    ['no token', ''],
    ['a token of another secret', `Bearer ${token({ sub: 'x' }, 'some other secret that is long enough for anyone')}`],
    ['an expired token', `Bearer ${token({ sub: 'x', exp: 1_000_000_000 })}`],
    ['an unsigned token', `Bearer ${token({ sub: 'x' }, '', { alg: 'none', typ: 'JWT' }).replace(/[^.]*$/, '')}`],
    ['a token without sub', `Bearer ${token({ name: 'x' })}`],
    ['no bearer', 'Basic eDp5'],
  ])('%s: 401 with WWW-Authenticate: Bearer and a detail', async (_what, authorization) => {
    const { status, body, headers } = await withoutToken(guarded[name], authorization)
    expect([status, headers.get('www-authenticate'), typeof body.detail]).toEqual([401, expect.stringMatching(/^Bearer/), 'string'])
  })
  test('an HS256 token with nothing but sub is enough', async () => {
    expect((await withoutToken(guarded[name], `Bearer ${token({ sub: 'x' })}`)).status).toBe(200)
  })
  test('an unknown path: 404 with a detail', async () => {
    const { status, body } = await client.ask('GET', '/api/no-such-thing')
    expect([status, typeof body.detail]).toEqual([404, 'string'])
  })
})
