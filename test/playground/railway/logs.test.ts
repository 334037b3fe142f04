import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseFilter } from '#playground/railway/logs/log-filter.ts'
import { readLine, type StoredLine } from '#playground/railway/logs/log-line.ts'
import { asking } from './asking.ts'
import { eventually, type Mounted, mount } from './mounted.ts'

describe('what processes write are the deployment’s logs', () => {
  let mounted: Mounted
  let api: ReturnType<typeof asking>
  beforeAll(async () => {
    mounted = await mount()
    await mounted.railway.whenHealthy('staging')
    api = asking(mounted)
  })
  afterAll(() => mounted.close())

  const logs = async (id: string, more = '') =>
    (
      await api.ok(
        `query ($id: String!) { deploymentLogs(deploymentId: $id ${more}) { timestamp severity message attributes { key value } tags { deploymentInstanceId } } }`,
        { id },
      )
    ).deploymentLogs as StoredLine[]

  test('level and message of JSON lines, the replica that said it, stderr as error; oldest first, no two with the same time', async () => {
    const { id, instances } = await api.latest()
    const lines = await eventually(
      () => logs(id),
      ({ length }) => length >= 2,
    )
    expect(lines[0]).toMatchObject({ severity: 'info', message: 'listening', tags: { deploymentInstanceId: instances[0]!.id } })
    expect(lines[0]!.attributes).toContainEqual({ key: 'replica', value: JSON.stringify(instances[0]!.id) })
    expect(lines[1]).toMatchObject({ severity: 'error', message: 'a plain line on stderr' })
    expect(lines[0]!.timestamp < lines[1]!.timestamp).toBe(true)
    expect((await logs(id, ', filter: "@level:error"')).map(({ message }) => message)).toEqual(['a plain line on stderr'])
    expect(await logs(id, ', limit: 1')).toHaveLength(2) // Railway answers one more than the limit
    expect(await logs(id, `, startDate: "${new Date(Date.now() + 60_000).toISOString()}"`)).toEqual([])
  })

  test('a build has its own log', async () => {
    const id = await api.deploy()
    await api.until(id, 'SUCCESS')
    const { buildLogs } = await api.ok('query ($id: String!) { buildLogs(deploymentId: $id) { message } }', { id })
    const said = buildLogs.map(({ message }: { message: string }) => message)
    expect(said[0]).toContain('[snapshot] helix-playground/api')
    expect(said.at(-1)).toBe('[/health] Healthcheck succeeded!')
  })

  test('an environment’s log holds every service’s, within the window', async () => {
    const query =
      'query ($environmentId: String!, $from: String, $until: String) { environmentLogs(environmentId: $environmentId, beforeDate: $from, anchorDate: $until) { message } }'
    const now = Date.now()
    const at = (ms: number) => new Date(now + ms).toISOString()
    const { environmentLogs } = await api.ok(query, { from: at(-600_000), until: at(60_000) })
    expect(environmentLogs.map(({ message }: { message: string }) => message)).toContain('listening')
    expect((await api.ok(query, { from: at(60_000), until: at(600_000) })).environmentLogs).toEqual([])
  })
})

describe('a filter', () => {
  const line = (message: string, severity = 'info', attributes: StoredLine['attributes'] = []): StoredLine => ({
    timestamp: '2026-01-01T00:00:00.000000001Z',
    severity,
    message,
    attributes,
    tags: { projectId: 'p', environmentId: 'e', serviceId: 's1', deploymentId: 'd', deploymentInstanceId: 'r' },
  })

  test.each([
    ['', line('anything'), true],
    ['started', line('Server STARTED'), true],
    ['"server started"', line('the server started'), true],
    ['"server started"', line('started server'), false],
    ['@level:error AND "lost"', line('connection lost', 'error'), true],
    ['@level:error "lost"', line('connection lost', 'info'), false],
    ['@level:warn OR @level:error', line('x', 'error'), true],
    ['-@service:s1', line('x'), false],
    ['-noise', line('signal'), true],
    ['@status:500', line('x', 'info', [{ key: 'status', value: '500' }]), true],
    ['@path:/api', line('x', 'info', [{ key: 'path', value: '"/api"' }]), true],
    ['(a OR b) AND c', line('b c'), true],
    ['(a OR b) AND c', line('a b'), false],
  ] as const)('%s', (filter, given, expected) => {
    expect(parseFilter(filter)(given)).toBe(expected)
  })

  test('takes any text without failing, and always ends', () => {
    const words = fc.array(fc.constantFrom('(', ')', '-', 'AND', 'OR', '"', '@level:', '@level:error', 'word', '"two words"', ' '), {
      maxLength: 12,
    })
    const anything = fc.oneof(
      fc.string(),
      words.map((list) => list.join(' ')),
      words.map((list) => list.join('')),
    )
    fc.assert(fc.property(anything, fc.string(), (filter, message) => typeof parseFilter(filter)(line(message)) === 'boolean'))
  })
})

test('any line can be read', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const { severity, message } = readLine(text, 'stdout')
      expect([typeof severity, typeof message]).toEqual(['string', 'string'])
    }),
  )
  expect(readLine('{"level":50,"msg":"broken"}', 'stdout')).toEqual({ severity: 'error', message: 'broken', attributes: [] })
  expect(readLine('{"level":"warning","message":"odd"}', 'stdout').severity).toBe('warn')
  expect(readLine('{not json', 'stderr')).toEqual({ severity: 'error', message: '{not json', attributes: [] })
})
