import { describe, expect, test } from 'vitest'
import type { Capabilities } from '#src/capabilities.ts'
import { confirmGuard } from '#src/guards/confirm-guard.ts'
import { permissionGuard } from '#src/guards/permission-guard.ts'
import { environment } from '#src/kernel/arguments/environment.ts'
import { service } from '#src/kernel/arguments/service.ts'
import type { Call, Standing } from '#src/kernel/call.ts'
import { type Command, type Role, roles } from '#src/kernel/command.ts'
import type { Directory } from '#src/kernel/directory.ts'
import { createDispatch } from '#src/kernel/dispatch.ts'
import { Held } from '#src/kernel/errors.ts'
import type { Plan } from '#src/operations/operations.ts'

const directory: Directory = {
  environments: async () => [
    { id: 'e1', name: 'production' },
    { id: 'e2', name: 'staging' },
  ],
  services: async ({ environment }) =>
    environment === 'e1'
      ? [{ id: 's1', name: 'web' }]
      : [
          { id: 's1', name: 'web' },
          { id: 's2', name: 'preview' },
        ],
  deployments: async () => [],
  commits: async () => [],
  agents: async () => [],
  incidents: async () => [],
  alertRules: async () => [],
  policies: async () => [],
  rules: async () => [],
}

const restart: Command = {
  describe: 'Restart',
  role: 'operator',
  risk: 'change',
  doors: ['slash', 'button'],
  answer: 'public',
  arguments: { service: service('which'), environment: environment() },
  says: [],
  change: (values) => ({ kind: 'restart', service: values.service as { id: string; name: string } }),
}

/** The path with the product's guards; what the operations were asked is kept. */
function path(digest: () => string = () => 'digest-1', seen: Plan['seen'] = []) {
  const started: Plan[] = []
  const asked: string[] = []
  const operations = {
    plan: async (change, place) => {
      const environment = (await directory.environments(place)).find(({ id }) => id === place.environment)!
      const sentence = `Restart ${change.service.name} in ${environment.name}.`
      return { change, place, environment, sentence, facts: [], seen, digest: digest() }
    },
    start: async (plan) => {
      started.push(plan)
      return { title: 'started', tone: 'neutral', sentence: 'started' }
    },
  } as Partial<Capabilities['operations']> as Capabilities['operations']
  const dispatch = createDispatch({
    book: new Map([['restart', restart]]),
    capabilities: { operations } as Capabilities,
    directory,
    entry: [
      permissionGuard({
        roleOf: async (_, standing) => roles.find((role) => standing?.roles.includes(role)),
      }),
    ],
    action: [confirmGuard({ isProduction: ({ name }) => name === 'production' }, { asked: async (_, what) => void asked.push(what) })],
  })
  return { dispatch, started, asked }
}

const as = (role: Role | 'nobody'): Standing => ({ roles: [role], administrator: false })
const call = (raw: Call['raw'], more: Partial<Call> = {}): Call => ({
  key: 'k',
  command: 'restart',
  raw,
  actor: { kind: 'member', id: '1', name: 'Ada' },
  door: 'slash',
  place: { guild: 'g', project: 'p', environment: 'e1' },
  ...more,
})

describe('permission', () => {
  test.each([
    ['nobody', false],
    ['viewer', false],
    ['operator', true],
    ['deployer', true],
    ['admin', true],
  ] as const)('%s may restart: %s', async (role, may) => {
    const asked = path().dispatch(call({ service: 'web' }), as(role))
    if (may) expect((await asked).title).toBe('Please confirm')
    else await expect(asked).rejects.toThrow(/nothing was done/i)
  })
  test('a stranger learns nothing, not even that a service does not exist', async () => {
    await expect(path().dispatch(call({ service: 'nonsense' }), undefined)).rejects.toThrow('no Helix role')
  })
})

describe('a change', () => {
  test('outside production starts at once', async () => {
    const { dispatch, started } = path()
    await dispatch(call({ service: 'web', environment: 'staging' }), as('operator'))
    expect(started.map(({ place }) => place.environment)).toEqual(['e2'])
  })
  test('in production asks its caller, bound to who and to what', async () => {
    const { dispatch, started, asked } = path()
    const report = await dispatch(call({ service: 'web' }), as('operator'))
    expect([started, asked]).toEqual([[], ['Restart web in production.']])
    expect(report.actions?.[0]).toMatchObject({ label: 'Confirm', command: 'restart', confirms: { by: 'member:1', digest: 'digest-1' } })
  })
  test('starts once confirmed', async () => {
    const { dispatch, started } = path()
    await dispatch(call({ service: 'web' }, { confirmed: { digest: 'digest-1', seen: [] }, door: 'button' }), as('operator'))
    expect(started).toHaveLength(1)
  })
  test('asks again where the target changed since, and says what changed', async () => {
    const then = [
      { label: 'What serves', value: '1111111' },
      { label: 'Replicas', value: '2' },
    ]
    const now = [{ label: 'What serves', value: '2222222' }, then[1]!]
    const { dispatch, started } = path(() => 'digest-2', now)
    const report = await dispatch(
      call({ service: 'web' }, { confirmed: { digest: 'digest-1', seen: then }, door: 'button' }),
      as('operator'),
    )
    expect(started).toEqual([])
    expect(report.sentence).toMatch(
      /^Nothing was done yet, as this has changed since you were asked: what serves, from 1111111 to 2222222\. /,
    )
    expect(report.facts).toEqual([{ label: 'Changed: What serves', value: '1111111 → 2222222' }])
    expect(report.actions?.[0]?.confirms).toEqual({ by: 'member:1', digest: 'digest-2', seen: now })
  })
  test('asks again without a list where nobody kept what was seen then', async () => {
    const { dispatch } = path(() => 'digest-2')
    const report = await dispatch(call({ service: 'web' }, { confirmed: { digest: 'digest-1' }, door: 'button' }), as('operator'))
    expect(report.sentence).toMatch(/^Things have changed since you were asked, so nothing was done yet\. /)
  })
  test('that somebody else’s holds up can be asked for again by one press, with what was asked', async () => {
    const given = path(() => {
      throw new Held('web is locked by Bob.')
    })
    const refused = await given.dispatch(call({ service: 'web', environment: 'staging' }), as('operator')).catch((error: unknown) => error)
    expect(refused).toMatchObject({
      message: 'web is locked by Bob.',
      actions: [{ label: 'Try again', command: 'restart', arguments: { service: 'web', environment: 'staging' } }],
    })
  })
  test('with dry-run says what would happen and starts nothing', async () => {
    const { dispatch, started } = path()
    const report = await dispatch(call({ service: 'web', 'dry-run': true }), as('operator'))
    expect(report.sentence).toBe('Nothing was changed. This is what would happen: Restart web in production.')
    expect(started).toEqual([])
  })
  test('means the environment that is named: its services are looked up there', async () => {
    const { dispatch, started } = path()
    await dispatch(call({ service: 'preview', environment: 'staging' }), as('operator'))
    expect(started[0]!.change.service.name).toBe('preview')
  })
})

describe('a call', () => {
  test('with an option that the command does not have is refused', async () => {
    await expect(path().dispatch(call({ service: 'web', force: true }), as('admin'))).rejects.toThrow('no option “force”')
  })
  test('that lacks a required option is refused', async () => {
    await expect(path().dispatch(call({}), as('admin'))).rejects.toThrow('“service” is missing')
  })
  test('at a door that the command does not have is a bug, not an answer', async () => {
    await expect(path().dispatch(call({ service: 'web' }, { door: 'mcp' }), as('admin'))).rejects.toThrow(
      'no command restart at the door mcp',
    )
  })
})
