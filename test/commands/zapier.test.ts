import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createStore } from '#src/adapters/store/create-store.ts'
import type { Store } from '#src/adapters/store/store.ts'
import { createAudit } from '#src/audit/audit.ts'
import type { Automation } from '#src/automation/automation.ts'
import { createAutomation } from '#src/automation/create-automation.ts'
import type { Capabilities } from '#src/capabilities.ts'
import { permissionGuard } from '#src/guards/permission-guard.ts'
import { zapierRule } from '#src/kernel/arguments/zapier-rule.ts'
import type { Call } from '#src/kernel/call.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { type Role, roles } from '#src/kernel/command.ts'
import type { Directory } from '#src/kernel/directory.ts'
import { createDispatch, type Dispatch } from '#src/kernel/dispatch.ts'
import { loadCommands } from '#src/kernel/load.ts'
import type { Report } from '#src/kernel/report.ts'
import { freePort } from '#src/launch/free-port.ts'
import { createZapier, type Zapier } from '#src/zapier/zapier.ts'
import { meshAt } from '../mesh/stage.ts'
import { type Started, startZapier } from '../services/zapier-integration/started.ts'
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts'
import { quietLog } from '../support/quiet-log.ts'
import { secrets } from '../support/service.ts'

const book = await loadCommands(new URL('../../commands/', import.meta.url))
const place = { guild: 'g', project: 'p', environment: 'e' }
const clock = systemClock()
let service: Started
let database: TestDatabase
let store: Store
let zapier: Zapier
let automation: Automation
let dispatch: Dispatch
let keys = 0
/** What the bot knows of its operations by now. */
const operations = new Map<string, string>()
const directory = {
  environments: async () => [{ id: 'e', name: 'production' }],
  services: async () => [{ id: 's1', name: 'web' }],
  rules: () => zapier.ruleNames(),
} as Partial<Directory> as Directory

beforeAll(async () => {
  ;[service, database] = await Promise.all([startZapier(), createTestDatabase()])
  store = createStore({ url: database.url, poolSize: 2, log: quietLog() })
})
afterAll(async () => {
  await service?.stop()
  await store?.close()
  await database?.drop()
})
beforeEach(async () => {
  at(service.url)
  for (const { id } of await zapier.rules()) await run('zapier.rule.remove', { rule: id })
})

/** The commands over the real service at that address, or without one. */
function at(url: string | undefined): void {
  const mesh = meshAt(url === undefined ? {} : { ZAPIER_SERVICE_URL: url }, { secret: secrets.SERVICE_MESH_SECRET })
  zapier = createZapier({ mesh, clock })
  automation = createAutomation({ store, book, directory, audit: createAudit({ store }), clock })
  dispatch = createDispatch({
    book,
    capabilities: { zapier, automation, clock, operations: { show } } as unknown as Capabilities,
    directory,
    entry: [permissionGuard({ roleOf: async (_, standing) => roles.find((role) => standing?.roles.includes(role)) })],
    action: [],
  })
}

async function show(operation: string): Promise<Report | undefined> {
  const sentence = operations.get(operation)
  return sentence === undefined ? undefined : { title: 'Restart', tone: 'good', sentence }
}

function run(command: string, raw: Call['raw'] = {}, role: Role = 'admin'): Promise<Report> {
  const door = book.get(command)!.doors.includes('slash') ? 'slash' : 'button'
  const actor = { kind: 'member', id: '1', name: 'Ada' } as const
  return dispatch({ key: `interaction-${++keys}`, command, raw, actor, door, place }, { roles: [role], administrator: false })
}

const wanted = {
  name: 'restart-web',
  event: 'deploy.*',
  command: '/restart',
  arguments: 'service={{payload.service}}',
  where: 'urgent=true',
}

describe('/zapier rule', () => {
  test('add makes a rule that the one who adds it has confirmed, and lists it', async () => {
    const added = await run('zapier.rule.add', wanted)
    expect(added.sentence).toBe(
      'From now on deploy.* urgent=true starts /restart, confirmed by you. Its calls have the role of the Zapier service.',
    )
    const [rule] = await zapier.rules()
    expect(rule).toMatchObject({
      enabled: true,
      command: 'restart',
      where: { urgent: true },
      arguments: { service: '{{payload.service}}' },
    })
    expect(await automation.grants('g')).toMatchObject([
      { rule: rule!.id, digest: rule!.digest, byName: 'Ada', service: 'zapier-integration' },
    ])
    const list = await run('zapier.rules', {}, 'viewer')
    expect(list.table?.rows).toEqual([['restart-web', 'deploy.* urgent=true', '/restart service={{payload.service}}', 'enabled', 'Ada']])
  })
  test.each([
    ['a command that there is not', { command: 'fly' }, 'There is no command “fly”.'],
    ['a command for people alone', { command: 'zapier rule add' }, 'is for people only'],
    ['an option that the command has not', { arguments: 'services=x' }, 'has no option “services” for a rule'],
    [
      'a template with code',
      { arguments: 'service={{process.env}}' },
      '“arguments.service”: The template names process.env; it may name payload.…, event_type, event_id and timestamp. Nothing was done.',
    ],
    ['a name that is none', { name: 'Not A Name' }, '“name” must be lower-case letters, digits and dashes, at most 63. Nothing was done.'],
  ])('%s is refused, and leaves neither rule nor confirmation', async (_what, more, sentence) => {
    const refusal = await run('zapier.rule.add', { ...wanted, ...more }).catch((error: Error) => error.message)
    expect(refusal).toEqual(expect.stringContaining(sentence))
    expect(refusal).not.toMatch(/body\.|\.\.(?!\.)/)
    expect([await zapier.rules(), await automation.grants('g')]).toEqual([[], []])
  })
  test('is for admins to add and enable, for deployers to disable and remove', async () => {
    await expect(run('zapier.rule.add', wanted, 'deployer')).rejects.toThrow('admin')
    await run('zapier.rule.add', wanted)
    await expect(run('zapier.rule.disable', { rule: 'restart-web' }, 'operator')).rejects.toThrow('deployer')
    await run('zapier.rule.disable', { rule: 'Restart Web' }, 'deployer')
    expect([(await zapier.rule('restart-web')).enabled, await automation.grants('g')]).toEqual([false, []])
    await expect(run('zapier.rule.enable', { rule: 'restart-web' }, 'deployer')).rejects.toThrow('admin')
    expect((await run('zapier.rule.enable', { rule: 'restart-web' })).sentence).toContain('confirmed by you')
    expect(await automation.grants('g')).toHaveLength(1)
    await run('zapier.rule.remove', { rule: 'restart-web' }, 'deployer')
    expect([await zapier.rules(), await automation.grants('g')]).toEqual([[], []])
  })
  test('that was changed behind the back of the one who confirmed it says so', async () => {
    await run('zapier.rule.add', wanted)
    const { id } = await zapier.rule('restart-web')
    await service.ask('PUT', `/api/rules/${id}`, { name: 'restart-web', event: '*', command: 'restart', arguments: { service: 'web' } })
    await service.ask('POST', `/api/rules/${id}/enable`)
    const list = await run('zapier.rules')
    expect([list.tone, list.table?.rows[0]?.at(-1)]).toEqual(['warning', 'nobody'])
    expect(list.sentence).toContain('1 enabled rule was not confirmed by a person as they are now')
  })
  test('names are offered as they are typed, and near ones where one is wrong', async () => {
    await run('zapier.rule.add', wanted)
    const reading = { command: 'zapier.rule.enable', place, directory, raw: {} }
    expect(await zapierRule('x').suggest!('rest', reading)).toEqual([{ name: 'restart-web', value: 'restart-web' }])
    await expect(run('zapier.rule.remove', { rule: 'restart-wed' })).rejects.toThrow(
      'There is no rule “restart-wed”, so nothing was done. Did you mean restart-web?',
    )
  })
})

describe('/zapier', () => {
  test('status counts, and names the hooks that are not configured', async () => {
    await service.send(JSON.stringify({ n: 1 }))
    const report = await run('zapier.status', {}, 'viewer')
    expect(report.sentence).toMatch(/^Zapier is operational; (nothing|1 thing) is waiting\.$/)
    expect(report.facts?.at(-1)?.value).toBe('consciousness-engine, communications-hub and neural-network')
  })
  test('test sends a signed event through and shows what came of it; events lists it', async () => {
    const report = await run('zapier.test', {}, 'operator')
    expect([report.tone, report.sentence]).toEqual(['good', 'The webhook took a signed test event. All that it started is done.'])
    const events = await run('zapier.events', {}, 'operator')
    expect(events.table?.rows[0]).toEqual(['helix.test', 'event', expect.any(String), 'done', '–'])
  })
  test('events show what became of an operation that a rule started, not how it began', async () => {
    const { body } = await service.ask('POST', '/api/test')
    const now = new Date()
    const begun = { sentence: 'Restarting web: waiting for a worker.', status: 'started' }
    const row = {
      lane: 'call',
      rule_name: 'restart-web',
      state: 'done',
      due_at: now,
      created_at: now,
      settled_at: now,
      version: '0',
    } as const
    const add = (operation: string) =>
      service.postgres.db
        .insertInto('zapier.work')
        .values({ ...row, key: operation, event: body.event_id, attempts: 1, fence: 1, outcome: JSON.stringify({ ...begun, operation }) })
        .execute()
    await add('op-1')
    await add('op-gone')
    operations.set('op-1', 'web was restarted in 12 s.')
    const { facts } = await run('zapier.events', {}, 'operator')
    expect(facts?.slice(0, 2)).toEqual([
      { label: 'helix.test → restart-web', value: 'web was restarted in 12 s.' },
      { label: 'helix.test → restart-web', value: 'It started operation op-gone, of which no more is known here.' },
    ])
  })
  test('failed shows what was given up, with a button that tries it again', async () => {
    expect((await run('zapier.failed', {}, 'operator')).sentence).toBe('Nothing was given up.')
    const now = new Date()
    const row = { key: 'k', lane: 'call', rule_name: 'restart-web', state: 'dead', due_at: now, created_at: now, settled_at: now } as const
    const { id } = await service.postgres.db
      .insertInto('zapier.work')
      .values({ ...row, version: '0', attempts: 15, fence: 15, outcome: JSON.stringify({ sentence: 'The bot cannot be reached.' }) })
      .returning('id')
      .executeTakeFirstOrThrow()
    const report = await run('zapier.failed', {}, 'operator')
    expect([report.sentence, report.facts]).toEqual([
      '1 thing was given up and can be tried again; what did happen does not happen twice.',
      [{ label: `${id}: k`, value: 'The bot cannot be reached.' }],
    ])
    const [retry] = report.actions!
    expect((await run(retry!.command, retry!.arguments, 'operator')).sentence).toBe(
      `Dead letter ${id} is tried again, from its first attempt.`,
    )
    await expect(run(retry!.command, retry!.arguments, 'operator')).rejects.toThrow('There is no such dead letter')
    await service.postgres.db.deleteFrom('zapier.work').where('key', '=', 'k').execute()
  })
  test('without a service says which variable is missing; with one that is away, that it is', async () => {
    at(undefined)
    await expect(run('zapier.status')).rejects.toThrow('There is no Zapier service here: ZAPIER_SERVICE_URL is not set')
    expect(await zapierRule('x').suggest!('', { command: 'x', place, directory, raw: {} })).toEqual([])
    at(`http://127.0.0.1:${await freePort()}`)
    await expect(run('zapier.status')).rejects.toThrow('zapier-integration cannot be reached.')
    at(service.url)
  })
})
