import { afterEach, beforeEach, expect, test } from 'vitest'
import add from '#commands/alerts/add.ts'
import list from '#commands/alerts/list.ts'
import show from '#commands/alerts/show.ts'
import tryOut from '#commands/alerts/test.ts'
import { renderReport } from '#src/doors/render/render-report.ts'
import type { Argument } from '#src/kernel/argument.ts'
import type { Directory } from '#src/kernel/directory.ts'
import { place } from '#test/incidents/stage.ts'
import { type AlertStage, alertStage, full } from './stage.ts'

let stage: AlertStage
beforeEach(async () => {
  stage = await alertStage()
})
afterEach(() => stage.close())

const directory = {
  environments: async () => [{ id: place.environment, name: 'production' }],
  services: async () => ['api', 'web-1', 'web-2'].map((name) => ({ id: `id-${name}`, name })),
  alertRules: async () => ['memory', 'slow'],
} as unknown as Directory
const reading = (raw: Readonly<Record<string, unknown>>) => ({ command: 'alerts', place, directory, raw })

/** As the dispatcher reads options that somebody typed. */
async function read<Values>(options: Readonly<Record<string, Argument<unknown>>>, raw: Readonly<Record<string, unknown>>): Promise<Values> {
  const values = Object.entries(options).map(async ([name, argument]) => [name, await argument.read(raw[name], reading(raw))] as const)
  return Object.fromEntries(await Promise.all(values)) as Values
}

type ValuesOf<C extends { run(values: never, given: never): unknown }> = Parameters<C['run']>[0]
const given = () => ({ alerts: stage.one.alerts, clock: stage.clock, directory, call: stage.call() })

async function addRule(raw: Readonly<Record<string, unknown>>) {
  return add.run(await read<ValuesOf<typeof add>>(add.arguments, raw), given())
}

test('a rule is added as it is typed, listed, shown and tried', async () => {
  const added = await addRule({ name: 'memory', kind: 'memory', above: '90%', for: '0s', services: 'api, web-*', requests: '', where: '' })
  expect(added.sentence).toBe('From now on memory above 90 %, of api and web-* is told as an incident (warning).')
  await stage.one.alerts.take(stage.read([full('api'), full('db')]))
  const listed = await list.run({ environment: undefined }, given())
  expect(listed.sentence).toBe('5 rules; 1 of them fires.')
  expect(listed.facts?.map(({ label, value }) => `${label} | ${value}`)).toEqual([
    'memory: fires (1) | warning: memory above 90 %, of api and web-*',
    'memory-almost-full: pending (2) | warning: memory above 95 % for 10 min',
    'disk-almost-full: content | warning: disk above 90 % for 10 min',
    'helix-is-blind: content | warning: Helix is blind: railway, redis, budget or posts for 5 min',
    'many-errors: content | warning: server errors above 10 % for 5 min',
  ])
  const shown = await show.run({ rule: 'memory', environment: undefined }, given())
  expect([shown.sentence, shown.table?.rows]).toEqual([
    'It fires for 1 thing: memory above 90 %, of api and web-*.',
    [['firing', '0 s', '21 Nov 12:00 UTC', 'api: memory above 90 %']],
  ])
  const tried = await tryOut.run({ rule: 'memory', post: false, service: undefined, environment: undefined }, given())
  expect([tried.sentence, tried.table?.rows]).toEqual([
    'api: fires. It says: memory above 90 %, of api and web-*.',
    [['api', 'Memory: 99 % now.', 'fires']],
  ])
  const posted = await tryOut.run({ rule: 'memory', post: true, service: undefined, environment: undefined }, given())
  expect(posted.sentence).toContain('Test incident 2 is open')
})

test('a rule of services that are not there says so', async () => {
  await stage.one.alerts.take(stage.read([full('api')]))
  expect((await addRule({ name: 'a', kind: 'cpu', above: '80%', services: 'nosuch-*' })).sentence).toContain('No service matches that now.')
  expect((await addRule({ name: 'b', kind: 'cpu', above: '80%', services: 'ap*' })).sentence).not.toContain('No service')
})

test('options of other kinds are refused, and those of a stream are read as they are typed', async () => {
  await expect(addRule({ name: 'a', kind: 'cpu', above: '80%', channel: 'zapier_events' })).rejects.toThrow('“channel” is not known here')
  await expect(addRule({ name: 'a', kind: 'stream' })).rejects.toThrow('“channel” is missing')
  const { files } = await renderReport(await list.run({ environment: undefined }, given()), { customId: async ({ label }) => label })
  expect(files).toBeUndefined()
  const raw = { name: 'a', kind: 'stream', channel: 'zapier_events', where: 'payload.status=fail* payload.tries=3', count: 2, within: '1m' }
  expect((await addRule(raw)).sentence).toContain('2 messages on zapier_events with payload.status=fail* payload.tries=3 in 1 min is told')
  expect((await addRule({ name: 'b', kind: 'health', is: 'down unknown' })).sentence).toContain('a service is down or unknown for 2 min')
})

test('what a rule of logs looks for is said exactly, without the quotes around it', async () => {
  const added = await addRule({ name: 'lines', kind: 'log', pattern: '"could not be answered"', count: '5' })
  expect([added.sentence, added.facts]).toEqual([
    'From now on 5 lines with “could not be answered” in 5 min is told as an incident (warning).',
    [{ label: 'Looks for', value: 'lines that have this, capitals and all: could not be answered' }],
  ])
})

test('a type that Railway is not known to send is said to be none', async () => {
  const add = async (type: string, name: string) => {
    const { tone, sentence } = await addRule({ name, kind: 'webhook', type })
    return [tone, sentence.replace(/^.*\(warning\)\./, '')]
  }
  expect(await add('nonsense', 'a')).toEqual([
    'warning',
    ' “nonsense” is none of the types that Railway is known to send. The option offers those that are known.',
  ])
  expect(await add('failed, crashd', 'b')).toEqual([
    'warning',
    ' “crashd” is none of the types that Railway is known to send. Did you mean crashed?',
  ])
  expect(await add('DEPLOYMENT_FAILED, oomKilled, VolumeAlert.*, *', 'c')).toEqual(['good', ''])
})

test('types of webhooks are suggested, after a comma too', async () => {
  const { type } = add.arguments
  const names = async (typed: string) => (await type.suggest!(typed, reading({}))).map(({ value }) => value)
  expect((await names('')).slice(0, 2)).toEqual(['Deployment.failed', 'Deployment.crashed'])
  expect((await names('crash'))[0]).toBe('Deployment.crashed')
  expect((await names('failed, volume'))[0]).toBe('failed, VolumeAlert.triggered')
})

test('names are suggested, after a comma too', async () => {
  const { services } = add.arguments
  expect((await services.suggest!('api, web', reading({})))[0]).toEqual({ name: 'api, web-1', value: 'api, web-1' })
  expect(await show.arguments.rule.suggest!('slo', reading({}))).toEqual([{ name: 'slow', value: 'slow' }])
})
