import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { failureReport } from '#src/kernel/failure-report.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { connect, faultOf, secretToken } from './connect.ts'
import { aDeployment } from './deployments.ts'
import { fault, graphqlServer } from './graphql-server.ts'

let server: Awaited<ReturnType<typeof graphqlServer>>
const html = '<!doctype html><title>1015</title>'
const serviceId = 'service-1'
const environmentId = 'environment-1'

beforeEach(async () => {
  server = await graphqlServer({
    deployment: () => aDeployment(),
    serviceInstanceDeployV2: () => 'deployment-2',
    deploymentRestart: () => true,
    deploymentCancel: () => false,
    projectToken: () => ({ project: { id: 'p', name: 'helix' }, environment: { id: 'e', name: 'production' } }),
    apiToken: () => ({ workspaces: [{ id: 'w', name: 'team' }] }),
  })
})
afterEach(() => server.close())

describe('what is sent', () => {
  test('every URL carries ?q=<operationName>, every request a User-Agent', async () => {
    await connect(server.url).deployment('deployment-1')
    expect(server.seen[0]?.url).toBe('/graphql/v2?q=Deployment')
    expect(server.seen[0]?.headers['user-agent']).toBe('Helix/1.2.3')
  })

  test('an account token goes as Authorization', async () => {
    await connect(server.url).scope()
    expect(server.seen[0]?.headers.authorization).toBe(`Bearer ${secretToken}`)
    expect(server.seen[0]?.headers['project-access-token']).toBeUndefined()
  })

  test('a project token goes as Project-Access-Token, and its scope is one environment', async () => {
    const scope = await connect(server.url, { token: { kind: 'project', value: secretToken } }).scope()
    expect(server.seen[0]?.headers['project-access-token']).toBe(secretToken)
    expect(server.seen[0]?.headers.authorization).toBeUndefined()
    expect(scope).toEqual({ kind: 'project', project: { id: 'p', name: 'helix' }, environment: { id: 'e', name: 'production' } })
  })

  test('nulls are left out of the variables: at Railway null clears a field', async () => {
    await connect(server.url).deploy({ serviceId, environmentId })
    expect(server.seen[0]?.variables).toEqual({ serviceId, environmentId })
  })

  test('the rate budget is what the headers of the last answer said', async () => {
    const resetsAt = new Date(Date.now() + 60_000)
    Object.assign(server.headers, {
      'x-ratelimit-limit': '1000',
      'x-ratelimit-remaining': '987',
      'x-ratelimit-reset': String(Math.floor(resetsAt.getTime() / 1000)),
    })
    const railway = connect(server.url)
    expect(railway.budget()).toBeUndefined()
    await railway.deployment('deployment-1')
    expect(railway.budget()).toMatchObject({ limit: 1000, remaining: 987 })
    expect(Math.abs(railway.budget()!.resetsAt.getTime() - resetsAt.getTime())).toBeLessThan(1000)
  })
})

describe('reads are tried again', () => {
  test.each([
    ['429 with Retry-After', fault.status(429, '{}', { 'retry-after': '1' })],
    ['429 as HTML from the edge', fault.status(429, html, { 'retry-after': '1' })],
    ['502', fault.status(502, '{"errors":[{"message":"Bad gateway"}]}')],
    ['HTML', fault.status(200, html)],
    ['an answer that breaks off', fault.cut],
    ['Problem processing request', fault.errors('Problem processing request')],
  ])('after %s', async (_, broken) => {
    server.faults.push(broken)
    await expect(connect(server.url).deployment('deployment-1')).resolves.toMatchObject({ id: 'deployment-1' })
    expect(server.seen).toHaveLength(2)
  })

  test('after no answer in time', async () => {
    server.faults.push(fault.hang)
    const railway = connect(server.url, { timeouts: { readMs: 15_000 } })
    await expect(railway.deployment('deployment-1')).resolves.toMatchObject({ id: 'deployment-1' })
    expect(server.seen.length).toBeGreaterThan(1)
  })

  test('until their time is up', async () => {
    server.faults.push(...Array.from({ length: 100 }, () => fault.status(503, html)))
    const error = await faultOf(connect(server.url, { timeouts: { overallReadMs: 5000 } }).deployment('deployment-1'))
    expect(error.message).toBe('Railway had an error of its own (HTTP 503).')
    expect(error.fault).toMatchObject({ provider: 'Railway', operation: 'deployment', retryable: true, readOnly: true, status: 503 })
  })

  test('but not where Railway waits longer than the caller can: the error says when', async () => {
    server.faults.push(fault.status(429, '{}', { 'retry-after': '3600' }))
    const railway = connect(server.url)
    const error = await faultOf(railway.deployment('deployment-1'))
    expect(error.fault).toMatchObject({ status: 429, retryAfterMs: 3_600_000, outcome: 'refused' })
    expect(failureReport(error, quietLog()).sentence).toContain('Try again in 1 h.')
    await faultOf(railway.deployment('deployment-1'))
    expect(server.seen).toHaveLength(1)
  })
})

describe('a mutation', () => {
  const deploy = (timeouts = {}) => connect(server.url, { timeouts }).deploy({ serviceId, environmentId, commit: 'abc' })

  test('is tried again after 429 only, which says that it did not run', async () => {
    server.faults.push(fault.status(429, '{}', { 'retry-after': '1' }))
    await expect(deploy()).resolves.toBe('deployment-2')
    expect(server.seen).toHaveLength(2)
  })

  test.each([
    ['502', fault.status(502, 'bad gateway')],
    ['HTML', fault.status(200, html)],
    ['403 as HTML', fault.status(403, html)],
    ['an answer that breaks off', fault.cut],
    ['no answer in time', fault.hang],
  ])('is ambiguous, and asked once, after %s', async (_, broken) => {
    server.faults.push(broken)
    const error = await faultOf(deploy(broken === fault.hang ? { changeMs: 5000 } : {}))
    expect(error.fault).toMatchObject({ outcome: 'ambiguous', retryable: false, operation: 'serviceInstanceDeployV2' })
    expect(error.message).toMatch(/^[A-Z].*\. The change may or may not have happened\.$/)
    expect(server.seen).toHaveLength(1)
  })

  test('is refused by 200 with an error that says no: the message is Railway’s, the trace id is in the fault', async () => {
    server.faults.push(fault.errors('Deployment cannot be redeployed', { traceId: '7781', code: 'INTERNAL_SERVER_ERROR' }))
    const error = await faultOf(deploy())
    expect(error.message).toBe('Railway refused: Deployment cannot be redeployed.')
    expect(error.fault).toMatchObject({ outcome: 'refused', retryable: false, traceId: '7781' })
  })

  test.each([
    ['Not Authorized', {}],
    ['Deployment not found', {}],
    ['Commit abc was not found in team/api', {}],
    ['Deployment cannot be rolled back to', {}],
    ['Variable "$x" got invalid value 1', { code: 'BAD_USER_INPUT' }],
    ['Cannot query field "x" on type "Mutation".', { code: 'GRAPHQL_VALIDATION_FAILED' }],
    ['You are deploying too quickly', {}],
  ])('is refused by %s', async (message, extensions) => {
    server.faults.push(fault.errors(message, extensions))
    expect((await faultOf(deploy())).fault.outcome).toBe('refused')
  })

  test.each([
    'Problem processing request',
    'Internal server error',
    'Context deadline exceeded',
    'Unexpected error.',
    'Service is waking up',
    'Connection limit exceeded',
    'upstream host not found',
  ])('may have happened after %s, which is no refusal', async (message) => {
    server.faults.push(fault.errors(message, { traceId: '7782', code: 'INTERNAL_SERVER_ERROR' }))
    const error = await faultOf(deploy())
    expect(error.fault).toMatchObject({ outcome: 'ambiguous', retryable: false, traceId: '7782' })
    expect(error.message).toMatch(/^Railway answered “[^”.]+”\. The change may or may not have happened\.$/)
    expect(server.seen).toHaveLength(1)
  })

  test('has happened for all we know where the error is about a part of what it answered', async () => {
    const errors = [{ message: 'Deployment not found', path: ['serviceInstanceDeployV2', 'id'] }]
    server.faults.push(fault.status(200, JSON.stringify({ data: null, errors })))
    expect((await faultOf(deploy())).fault.outcome).toBe('ambiguous')
  })

  test('that answers false has changed nothing', async () => {
    const error = await faultOf(connect(server.url).cancel('deployment-1'))
    expect(error.fault).toMatchObject({ outcome: 'refused', operation: 'deploymentCancel' })
  })

  test('that could not even be sent is refused, not ambiguous', async () => {
    const { url } = server
    await server.close()
    const error = await faultOf(connect(url, { timeouts: { overallMs: 100 } }).restart('deployment-1'))
    expect(error.message).toBe('Railway could not be reached.')
    expect(error.fault).toMatchObject({ outcome: 'refused', retryable: true })
    server = await graphqlServer({})
  })
})

test('Not Authorized is explained', async () => {
  server.faults.push(fault.errors('Not Authorized', { code: 'INTERNAL_SERVER_ERROR' }))
  const error = await faultOf(connect(server.url).deployment('deployment-1'))
  expect(error.message).toContain('the token is wrong, or it has no access')
  expect(error.fault).toMatchObject({ outcome: 'refused', retryable: false })
})

test('closing ends what is under way', async () => {
  server.faults.push(fault.hang)
  const railway = connect(server.url)
  const error = faultOf(railway.restart('deployment-1'))
  await expect.poll(() => server.seen.length).toBe(1)
  await railway.close()
  expect((await error).message).toBe('Helix stopped before Railway answered. The change may or may not have happened.')
})

test('an unknown deployment is undefined, not an error', async () => {
  server.faults.push(fault.errors('Deployment not found'))
  await expect(connect(server.url).deployment('nope')).resolves.toBeUndefined()
})

test.each([
  ['refused', fault.errors('Variable "$commitSha" got invalid value "s3cret"; String cannot represent it')],
  ['html', fault.status(500, html)],
  ['bad request', fault.status(400, '{"errors":[{"message":"Bad"}]}')],
])('no error holds the token or what was sent: %s', async (_, broken) => {
  server.faults.push(broken)
  const error = await faultOf(connect(server.url).deploy({ serviceId, environmentId, commit: 's3cret' }))
  const everything = `${error.stack} ${JSON.stringify(error.fault)} ${String(error.cause)}`
  expect(everything).not.toContain(secretToken)
  expect(everything).not.toContain('s3cret')
})
