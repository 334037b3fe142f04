import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Clock } from '#src/kernel/clock.ts'
import { type Mounted, mount } from './mounted.ts'

let mounted: Mounted
beforeAll(async () => {
  mounted = await mount()
})
afterAll(() => mounted.close())

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const projectToken = (token: string) => ({ 'project-access-token': token })
const firstError = (answer: Awaited<ReturnType<Mounted['ask']>>) => answer.errors?.[0]

describe('tokens reach what they reach', () => {
  const readEnvironment = 'query ($id: String!) { environment(id: $id) { name serviceInstances { edges { node { serviceName } } } } }'

  test('a project token says its project and environment, and reads no other', async () => {
    const { environments, projectId } = mounted.railway.credentials()
    const { production, staging } = environments as Record<string, { id: string; projectToken: string }>
    const headers = projectToken(production!.projectToken)
    const whoAmI = await mounted.ask('{ projectToken { projectId environmentId environment { name } } }', {}, headers)
    expect(whoAmI.data.projectToken).toEqual({ projectId, environmentId: production!.id, environment: { name: 'production' } })
    const own = await mounted.ask(readEnvironment, { id: production!.id }, headers)
    expect(own.data.environment.serviceInstances.edges).toEqual([{ node: { serviceName: 'api' } }])
    const foreign = await mounted.ask(readEnvironment, { id: staging!.id }, headers)
    expect(firstError(foreign)).toMatchObject({ message: 'Not Authorized', extensions: { code: 'INTERNAL_SERVER_ERROR' } })
    const names = await mounted.ask(
      'query ($id: String!) { project(id: $id) { environments { edges { node { name canAccess } } } } }',
      { id: projectId },
      headers,
    )
    expect(names.data.project.environments.edges.map(({ node }: { node: object }) => node)).toEqual([
      { name: 'production', canAccess: true },
      { name: 'staging', canAccess: false },
    ])
    expect(firstError(await mounted.ask('{ apiToken { workspaces { name } } }', {}, headers))?.message).toBe('Not Authorized')
  })

  test('a project token cannot deploy to another environment', async () => {
    const { environments } = mounted.railway.credentials()
    const { services } = mounted.railway.state() as { services: { id: string; deployments: unknown[] }[] }
    const before = services[0]!.deployments.length
    const query = 'mutation ($s: String!, $e: String!) { serviceInstanceDeployV2(serviceId: $s, environmentId: $e) }'
    const variables = { s: services[0]!.id, e: environments.staging!.id }
    const answer = await mounted.ask(query, variables, projectToken(environments.production!.projectToken))
    expect(firstError(answer)?.message).toBe('Not Authorized')
    expect((mounted.railway.state() as { services: { deployments: unknown[] }[] }).services[0]!.deployments).toHaveLength(before)
  })

  test('a token in the wrong header is no token', async () => {
    const { accountToken, environments } = mounted.railway.credentials()
    const asAccount = await mounted.ask('{ projectToken { id } }', {}, bearer(environments.production!.projectToken))
    expect(firstError(asAccount)).toMatchObject({ message: 'Project Token not found', extensions: { code: 'INTERNAL_SERVER_ERROR' } })
    const asProject = await mounted.ask('{ apiToken { workspaces { id } } }', {}, projectToken(accountToken))
    expect(firstError(asProject)?.message).toBe('Not Authorized')
    expect(firstError(await mounted.ask(readEnvironment, { id: environments.production!.id }, {}))?.message).toBe('Not Authorized')
  })

  test('a workspace token finds the projects of its workspace', async () => {
    const { workspaceToken, workspaceId } = mounted.railway.credentials()
    const query = 'query ($id: String!) { apiToken { workspaces { id } } projects(workspaceId: $id) { edges { node { name } } } }'
    const { data } = await mounted.ask(query, { id: workspaceId }, bearer(workspaceToken))
    expect(data).toEqual({ apiToken: { workspaces: [{ id: workspaceId }] }, projects: { edges: [{ node: { name: 'helix' } }] } })
  })
})

describe('errors look like Railway’s', () => {
  test('200 with a code and a trace id where something is refused', async () => {
    const answer = await mounted.ask('{ deployment(id: "nowhere") { id } }')
    expect(answer.status).toBe(200)
    expect(answer.errors).toEqual([
      expect.objectContaining({
        message: 'Deployment not found',
        extensions: { code: 'INTERNAL_SERVER_ERROR', traceId: expect.stringMatching(/^\d+$/) },
      }),
    ])
  })

  test.each([
    ['{ deployment(', 'GRAPHQL_PARSE_FAILED'],
    ['{ deployment { id } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['{ docker }', 'GRAPHQL_VALIDATION_FAILED'],
  ])('400 for %s', async (query, code) => {
    const answer = await mounted.ask(query)
    expect(answer.status).toBe(400)
    expect(firstError(answer)?.extensions.code).toBe(code)
  })

  test('BAD_USER_INPUT for variables that do not fit', async () => {
    const answer = await mounted.ask('query ($at: DateTime!) { metrics(startDate: $at, measurements: [CPU_USAGE]) { measurement } }', {
      at: 'soon',
    })
    expect(firstError(answer)?.extensions.code).toBe('BAD_USER_INPUT')
  })
})

describe('Cloudflare stands in front', () => {
  test('without a User-Agent: 403, error 1010', async () => {
    const status = await new Promise((resolve, reject) => {
      const asked = request(mounted.url, { method: 'POST', headers: { 'content-type': 'application/json' } }, (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      })
      asked.once('error', reject).end('{}')
    })
    expect(status).toBe(403)
  })

  test('without a query string: 10 a second, then HTML 429 / 1015 for as long as the ban lasts; with one, nothing of that', async () => {
    const clock = standingClock()
    const limited = await mount({ limits: { perSecond: 1_000, perHour: 1_000 }, clock })
    const plain = () => limited.ask('{ platformStatus { isStable } }', {}, undefined, limited.url)
    for (let count = 0; count < 10; count++) expect((await plain()).status).toBe(200)
    const banned = await plain()
    expect([banned.status, banned.headers.get('content-type'), banned.headers.get('retry-after')]).toEqual([
      429,
      expect.stringContaining('text/html'),
      '60',
    ])
    expect(banned.text).toContain('1015')
    expect((await limited.ask('{ platformStatus { isStable } }')).status).toBe(200)
    clock.move(30_000)
    expect((await plain()).status).toBe(429)
    clock.move(31_000)
    expect((await plain()).status).toBe(200)
    await limited.close()
  })
})

describe('rate limits', () => {
  test('the hour’s budget is in the headers, in workspace, and ends in 429 with Retry-After', async () => {
    const clock = standingClock()
    const limited = await mount({ limits: { perHour: 3, perSecond: 100 }, clock })
    const { workspaceId } = limited.railway.credentials()
    const first = await limited.ask('{ platformStatus { isStable } }')
    expect([first.headers.get('x-ratelimit-limit'), first.headers.get('x-ratelimit-remaining')]).toEqual(['3', '2'])
    expect(Number(first.headers.get('x-ratelimit-reset'))).toBe(Math.ceil((clock.now().getTime() + 3_600_000) / 1_000))
    const query = 'query ($id: String!) { workspace(workspaceId: $id) { plan apiTokenRateLimit { remainingPoints } } }'
    const { data } = await limited.ask(query, { id: workspaceId })
    expect(data.workspace).toEqual({ plan: 'HOBBY', apiTokenRateLimit: { remainingPoints: 1 } })
    await limited.ask('{ platformStatus { isStable } }')
    const refused = await limited.ask('{ platformStatus { isStable } }')
    expect([refused.status, refused.headers.get('retry-after'), refused.headers.get('x-ratelimit-remaining')]).toEqual([429, '3600', '0'])
    clock.move(3_600_001)
    expect((await limited.ask('{ platformStatus { isStable } }')).status).toBe(200)
    await limited.close()
  })

  test('10 a second on Hobby, each token by itself', async () => {
    const clock = standingClock()
    const limited = await mount({ limits: {}, clock })
    const { environments } = limited.railway.credentials()
    const ask = (headers?: Record<string, string>) => limited.ask('{ platformStatus { isStable } }', {}, headers)
    for (let count = 0; count < 10; count++) expect((await ask()).status).toBe(200)
    const refused = await ask()
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
    expect((await ask(projectToken(environments.staging!.projectToken))).status).toBe(200)
    clock.move(1_001)
    expect((await ask()).status).toBe(200)
    await limited.close()
  })
})

/** Time moves by hand; pauses take no time but a turn of the event loop. */
function standingClock(): Clock & { move(ms: number): void } {
  let now = Date.parse('2026-01-01T00:00:00Z')
  return {
    now: () => new Date(now),
    sleep: (_ms, signal) => new Promise((resolve) => (signal?.aborted ? resolve() : setTimeout(resolve, 5))),
    move: (ms) => {
      now += ms
    },
  }
}
