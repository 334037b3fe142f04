import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Turned } from '#src/signals/signals.ts'
import { api, type IncidentStage, openStage, place } from '#test/incidents/stage.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import healthTurned from '../../events/health-turned.ts'
import operationSettled from '../../events/incident-operation-settled.ts'

let stage: IncidentStage
beforeEach(async () => {
  stage = await openStage()
})
afterEach(() => stage.close())

const places = { isProduction: ({ name }: { readonly name: string }) => name === 'production' } as never
const turn = async (to: Turned['to'], more: Partial<Turned> = {}) => {
  const told = {
    place,
    environment: 'production',
    service: api,
    from: 'healthy',
    to,
    reason: 'Because.',
    since: stage.clock.now(),
  } as Turned
  const turned = healthTurned.schema.parse({ ...told, ...more })
  if (!healthTurned.when?.(turned)) return
  await healthTurned.run(turned, { incidents: stage.one.incidents, places, log: quietLog() })
}
const open = () => stage.one.incidents.list(place)

test.each([
  ['down', 'production', 'critical'],
  ['degraded', 'production', 'warning'],
  ['down', 'staging', 'warning'],
  ['degraded', 'staging', 'info'],
] as const)('%s in %s opens a %s incident', async (to, environment, severity) => {
  await turn(to, { environment })
  expect(await open()).toMatchObject([{ severity, title: `api is ${to}`, environment, service: api }])
})

test.each(['healthy', 'sleeping', 'stopped'] as const)('%s ends it', async (to) => {
  await turn('down')
  await turn(to, { from: 'down' })
  expect(await open()).toEqual([])
  const [ended] = await stage.one.incidents.list(place, { state: 'resolved' })
  expect(ended).toMatchObject({ number: 1, resolvedBy: undefined })
})

test.each(['deploying', 'unknown'] as const)('%s neither opens nor ends anything', async (to) => {
  await turn(to)
  expect(await open()).toEqual([])
  await turn('down')
  await turn(to, { from: 'down' })
  expect(await open()).toHaveLength(1)
})

test('turns that are told twice are told once in Discord', async () => {
  const since = stage.clock.now()
  for (let times = 0; times < 2; times += 1) await turn('down', { since })
  await stage.clock.turn(60_000)
  for (let times = 0; times < 2; times += 1) await turn('healthy', { from: 'down' })
  await turn('down', { since })
  expect(await open()).toEqual([])
  expect(await stage.posted()).toEqual([
    'system: Resolved by itself after 1 min: api is down in production. api is healthy. Because.',
    'note: It resolved by itself: api is healthy. Because.',
  ])
})

test('how a change ended on a service stands in its incident', async () => {
  await turn('down')
  const settled = { id: 'op', place, kind: 'restart', service: 'api', serviceId: api.id, status: 'failed', sentence: 'It crashed at once.' }
  const told = operationSettled.schema.parse(settled)
  await operationSettled.run(told, { incidents: stage.one.incidents, log: quietLog() })
  await operationSettled.run(told, { incidents: stage.other.incidents, log: quietLog() })
  expect((await stage.posted()).slice(1)).toEqual(['note: It crashed at once.'])
})
