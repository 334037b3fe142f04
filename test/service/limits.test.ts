import { afterEach, expect, test } from 'vitest'
import { createServiceApp, type ServiceApp } from '#src/service/service-app.ts'
import type { ServiceBase } from '#src/service/service-base.ts'
import { bearer, serviceBase, tokensOf } from '#test/support/service.ts'

let app: ServiceApp
afterEach(() => app.stop(0))

/** Time stands still until it is set on. */
function start(given: Partial<ServiceBase> = {}) {
  let now = Date.parse('2026-11-23T10:00:00Z')
  const clock = { now: () => new Date(now), sleep: async () => {} }
  app = createServiceApp({
    ...serviceBase('tested', { ratePerMinute: 3, clock, ...given }),
    name: 'tested',
    description: 'Tested.',
    components: {},
  })
  app.http.get('/read', async () => ({}))
  app.http.get('/narrow', { config: { ratePerMinute: 1 } }, async () => ({}))
  app.http.get('/wide', { config: { open: true, ratePerMinute: false } }, async () => ({}))
  const ask = (url: string, headers: Record<string, string> = {}, remoteAddress = '203.0.113.1') =>
    app.http.inject({ url, headers, remoteAddress })
  const pass = (ms: number) => {
    now += ms
  }
  return { ask, pass, clock }
}

test('one caller has so many requests a minute, then a 429 that says when to come again', async () => {
  const { ask, pass } = start()
  for (const left of ['2', '1', '0']) {
    const answer = await ask('/read', bearer({ sub: 'a' }))
    expect([answer.statusCode, answer.headers['x-ratelimit-remaining']]).toEqual([200, left])
  }
  pass(20_500)
  const refused = await ask('/read', bearer({ sub: 'a' }))
  expect([refused.statusCode, refused.headers['retry-after'], refused.headers['x-ratelimit-limit']]).toEqual([429, '40', '3'])
  expect(refused.json().detail).toBe('Too many requests: 3 a minute are allowed. Try again in 40 s.')
  expect((await ask('/read', bearer({ sub: 'b' }))).statusCode).toBe(200)
  pass(39_500)
  expect((await ask('/read', bearer({ sub: 'a' }))).statusCode).toBe(200)
})

test('who brings no valid token is counted by address, before being refused', async () => {
  const { ask } = start()
  for (const authorization of ['Bearer a.b.c', 'Bearer d.e.f', 'Basic x']) {
    expect((await ask('/read', { authorization })).statusCode).toBe(401)
  }
  expect((await ask('/read')).statusCode).toBe(429)
  expect((await ask('/read', {}, '203.0.113.2')).statusCode).toBe(401)
  expect((await ask('/read', bearer({ sub: 'a' }))).statusCode).toBe(200)
})

test('health, figures and a route that says so are never limited; other services neither', async () => {
  const { ask, clock } = start()
  for (const url of ['/health', '/health/live', '/metrics', '/wide']) {
    for (let count = 0; count < 6; count += 1) expect((await ask(url)).statusCode).toBe(200)
  }
  for (let count = 0; count < 6; count += 1) {
    const authorization = `Bearer ${await tokensOf('bot', clock).forService('tested')}`
    expect((await ask('/read', { authorization })).statusCode).toBe(200)
  }
})

test("a route's own limit is counted by itself", async () => {
  const { ask } = start()
  expect((await ask('/narrow', bearer())).statusCode).toBe(200)
  expect((await ask('/narrow', bearer())).statusCode).toBe(429)
  expect((await ask('/read', bearer())).statusCode).toBe(200)
})

test('an address is the proxy’s word only where a proxy is known to stand before it', async () => {
  const forwarded = (address: string) => ({ 'x-forwarded-for': address })
  const open = start()
  for (let count = 0; count < 3; count += 1) await open.ask('/api/info', forwarded(`198.51.100.${count}`))
  expect((await open.ask('/api/info', forwarded('198.51.100.9'))).statusCode).toBe(429)
  await app.stop(0)
  const behind = start({ trustedProxies: 1 })
  for (let count = 0; count < 3; count += 1) await behind.ask('/api/info', forwarded('192.0.2.1, 198.51.100.1'))
  expect((await behind.ask('/api/info', forwarded('192.0.2.99, 198.51.100.1'))).statusCode).toBe(429)
  expect((await behind.ask('/api/info', forwarded('192.0.2.1, 198.51.100.2'))).statusCode).toBe(200)
})

test('scripts of listed origins may call, with a token, and no others', async () => {
  const { ask } = start({ corsOrigins: ['https://app.example.com'], ratePerMinute: 1_000 })
  const preflight = (origin: string) =>
    app.http.inject({
      method: 'OPTIONS',
      url: '/read',
      headers: { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' },
    })
  const allowed = await preflight('https://app.example.com')
  expect([allowed.statusCode, allowed.headers['access-control-allow-origin'], allowed.headers['access-control-allow-headers']]).toEqual([
    204,
    'https://app.example.com',
    'authorization',
  ])
  expect((await preflight('https://evil.example.com')).headers['access-control-allow-origin']).toBeUndefined()
  const refused = await ask('/read', { origin: 'https://app.example.com' })
  expect([refused.statusCode, refused.headers['access-control-allow-origin']]).toEqual([401, 'https://app.example.com'])
})

test('with no origins listed, no script of a page may call', async () => {
  const { ask } = start()
  const answer = await ask('/read', { ...bearer(), origin: 'https://app.example.com' })
  expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
})

test('callers beyond the most that are counted push out the oldest: memory has an end', async () => {
  const { ask } = start({ ratePerMinute: 1 })
  const status = async (address: string) => (await ask('/api/info', {}, address)).statusCode
  expect([await status('192.0.2.1'), await status('192.0.2.1')]).toEqual([200, 429])
  for (let index = 0; index < 10_000; index += 1) await status(`10.0.${index >> 8}.${index & 255}`)
  expect(await status('192.0.2.1')).toBe(200)
})
