import { afterAll, beforeAll, expect, test } from 'vitest'
import { createServiceApp, type ServiceApp } from '#src/service/service-app.ts'
import { bearer, serviceBase, tokenFor, tokensOf } from '#test/support/service.ts'

let app: ServiceApp
beforeAll(() => {
  app = createServiceApp({ ...serviceBase('tested'), name: 'tested', description: 'Tested.', components: {} })
  app.http.get('/me', async ({ principal }) => ({ subject: principal.subject, kind: principal.kind, role: principal.role }))
  app.http.delete('/agents/:id', { config: { role: 'admin' } }, async () => ({ deleted: true }))
  app.http.get('/open', { config: { open: true } }, async ({ caller }) => ({ caller: caller?.subject ?? 'nobody' }))
  app.http.post('/body', async ({ body }) => body)
  app.http.register(async (scope) => {
    scope.get('/scoped', async () => ({}))
  })
})
afterAll(() => app.stop(0))

const ask = (url: string, headers: Record<string, string> = {}, method: 'GET' | 'DELETE' | 'POST' = 'GET') =>
  app.http.inject({ method, url, headers })

test('every route asks for a token, unless it says that it does not', async () => {
  for (const url of ['/me', '/scoped']) {
    const answer = await ask(url)
    expect([answer.statusCode, answer.headers['www-authenticate'], answer.json()]).toEqual([401, 'Bearer', { detail: 'Not authenticated' }])
    expect((await ask(url, bearer())).statusCode).toBe(200)
  }
  for (const url of ['/health', '/health/ready', '/health/live', '/api/info', '/metrics', '/open']) {
    expect((await ask(url)).statusCode, url).toBe(200)
  }
  expect((await ask('/nowhere')).statusCode).toBe(404)
})

test('a handler knows who asks', async () => {
  expect((await ask('/me', bearer({ sub: 'client-7' }))).json()).toEqual({ subject: 'client-7', kind: 'user', role: 'operator' })
  const authorization = `Bearer ${await tokensOf('bot').forService('tested')}`
  expect((await ask('/me', { authorization })).json()).toEqual({ subject: 'bot', kind: 'service', role: 'operator' })
  expect((await ask('/open', bearer({ sub: 'client-7' }))).json()).toEqual({ caller: 'client-7' })
  expect((await ask('/open', { authorization: 'Bearer x.y.z' })).json()).toEqual({ caller: 'nobody' })
})

test('a role that is too small is a 403 that names both', async () => {
  const refused = await ask('/agents/7', bearer({ sub: 'x', role: 'deployer' }), 'DELETE')
  expect([refused.statusCode, refused.json()]).toEqual([403, { detail: 'This needs the role admin; the token says deployer.' }])
  expect((await ask('/agents/7', bearer({ sub: 'x', role: 'admin' }), 'DELETE')).statusCode).toBe(200)
})

test.each([
  ['foreign', `Bearer ${tokenFor({ sub: 'x' }, 'another secret of at least 32 characters')}`, 'The token is signed by somebody else.'],
  ['expired', `Bearer ${tokenFor({ sub: 'x', exp: 1 })}`, 'The token has expired.'],
  ['unsigned', `Bearer ${btoa('{"alg":"none"}')}.${btoa('{"sub":"x","role":"admin"}')}.`, 'The token is not signed with HS256.'],
  ['for another service', 'mesh', 'The token is meant for another service.'],
  ['another scheme', 'Basic aHVudGVyMjpodW50ZXIy', 'The header Authorization must read: Bearer <token>'],
  ['no scheme', tokenFor({ sub: 'x' }), 'The header Authorization must read: Bearer <token>'],
  ['nothing', 'Bearer ', 'The header Authorization must read: Bearer <token>'],
])('a token that is %s is a 401 that says why, before the body is read', async (_what, given, detail) => {
  const authorization = given === 'mesh' ? `Bearer ${await tokensOf('bot').forService('zapier-integration')}` : given
  const answer = await app.http.inject({
    method: 'POST',
    url: '/body',
    headers: { authorization, 'content-type': 'application/json' },
    payload: '{"broken',
  })
  expect([answer.statusCode, answer.headers['www-authenticate'], answer.json()]).toEqual([401, 'Bearer', { detail }])
})
