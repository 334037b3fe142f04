import { beforeEach, expect, test } from 'vitest'
import list from '#commands/autoscale/list.ts'
import mode from '#commands/autoscale/mode.ts'
import remove from '#commands/autoscale/remove.ts'
import set from '#commands/autoscale/set.ts'
import show from '#commands/autoscale/show.ts'
import simulate from '#commands/autoscale/simulate.ts'
import { createCharts } from '#src/adapters/charts/create-charts.ts'
import { renderReport } from '#src/doors/render/render-report.ts'
import type { Argument } from '#src/kernel/argument.ts'
import type { Report } from '#src/kernel/report.ts'
import { place } from '#test/policies/stage.ts'
import { type ScalingStage, scalingStage } from './stage.ts'

let stage: ScalingStage
beforeEach(async () => {
  stage = await scalingStage()
})

/** As the dispatcher reads options that somebody typed, and hands over what is needed. */
async function run(
  // biome-ignore lint/suspicious/noExplicitAny: each command has its own values, and reads them itself
  command: { readonly arguments: Readonly<Record<string, Argument<unknown>>>; run(values: any, given: any): Promise<Report> },
  raw: Readonly<Record<string, unknown>> = {},
): Promise<Report> {
  const { directory, scaling, clock } = stage
  const reading = { command: 'autoscale', place, directory, raw }
  const values = Object.entries(command.arguments).map(
    async ([name, argument]) => [name, await argument.read(raw[name] ?? '', reading)] as const,
  )
  return command.run(Object.fromEntries(await Promise.all(values)), {
    scaling,
    directory,
    clock,
    charts: createCharts(),
    call: stage.call(),
  })
}

/** Everything is in the message: nothing in a file beside it. */
async function expectWhole(report: Report): Promise<void> {
  const { files = [] } = await renderReport(report, { customId: async () => 'x' })
  expect(files.map(({ name }) => name)).toEqual(report.picture ? ['chart.png'] : [])
}

const given = {
  service: 'api',
  max: '6',
  cpu: '70%',
  requests: '20',
  'up-after': '0s',
  'down-after': '0s',
  schedule: 'daily 00:00-24:00 min 2',
}

test('a policy is set as it is typed, listed, shown with its figures, switched and removed', async () => {
  const crowd = { http: { requestsPerSecond: 12, errorRate: 0, p50Ms: 5, p95Ms: 9 } }
  expect((await run(list)).sentence).toBe('No service in staging is scaled automatically. An admin can say /autoscale set.')
  expect((await run(set, given)).sentence).toBe(
    'From now on Helix keeps api in staging at 1 to 6 replicas (others by its schedules), for CPU of 70 % each and 20 requests a second each.',
  )
  expect((await run(show, { policy: 'api' })).sentence).toBe(
    'api in staging: It has decided nothing yet: that comes with the next reading of health.',
  )
  await stage.scaling.take(stage.reading(1.9, crowd))
  await stage.done()
  await stage.minutes(1)
  await stage.scaling.take(stage.reading(1.9, crowd))

  const shown = await run(show, { policy: 'api' })
  expect(shown.sentence).toBe('api in staging: 3 replicas are right: CPU is at 63.3 % (target 70 %), which takes 3.')
  expect(Object.fromEntries(shown.facts!.map(({ label, value }) => [label, value]))).toEqual({
    Keeps: '1 to 6 replicas (others by its schedules), for CPU of 70 % each and 20 requests a second each (act)',
    Replicas: '3 run, 3 are set',
    'Bounds now': '2 to 6, by the schedule daily 00:00-00:00 min 2',
    Rests: 'adds again in 1 min; takes away again in 4 min',
    Decided: '0 s ago',
    Adds: 'at most 4 at once, after no time, 2 min after the act before',
    'Takes away': 'at most 1 at once, after no time, 5 min after the act before',
    Tolerance: '10 % around a target nothing is done',
    'Schedules (UTC)': 'daily 00:00-00:00 min 2',
    Budget: '12 acts an hour',
    'Last decisions':
      '21 Nov 12:00 UTC, 1 min ago: Scale api from 2 to 3 replicas: CPU is at 95 % (target 70 %), which takes 3. (succeeded)',
    'Confirmed by': 'Ada, 1 min ago',
  })
  expect(shown.table?.rows).toEqual([
    ['CPU', '63.3 %', '70 %', '3'],
    ['Request rate', '4 a second', '20 a second', '1'],
  ])
  await expectWhole(shown)

  const listed = await run(list)
  expect([listed.sentence, listed.facts]).toEqual([
    '1 service in staging has a scaling policy. All are as they should be.',
    [{ label: 'api (act, 3 of 2–6)', value: '3 replicas are right: CPU is at 63.3 % (target 70 %), which takes 3.' }],
  ])
  expect((await run(mode, { policy: 'api', mode: 'simulate' })).sentence).toBe(
    'The policy api of api in staging only says from now on what it would do.',
  )
  expect((await run(set, { service: 'api', max: '4', requests: 'none' })).sentence).toBe(
    'Set anew. Helix only says how it would keep api in staging at 1 to 4 replicas (others by its schedules), for CPU of 70 % each.',
  )
  expect((await run(remove, { policy: 'api' })).sentence).toBe('The policy api is gone: api in staging stays as large as it is.')
  await expect(run(show, { policy: 'api' })).rejects.toThrow('There is no policy “api”')
})

test('every fault is named by the option that was typed', async () => {
  await expect(run(set, { ...given, latency: 'fast', 'time-zone': 'Berlin', schedule: 'noon' })).rejects.toThrow(
    /^Nothing was set: “latency” must be a time such as 800ms or 2s; “time-zone” must be a time zone such as Europe\/Berlin; “schedule” must read like /,
  )
})

test('whoever sets a policy reads every rule of it, and so does whoever looks at it', async () => {
  const rules = {
    ...{ schedule: 'mon-fri 08:00-20:00 min 3', 'time-zone': 'Europe/Berlin', consciousness: 'below 5 more', dollars: '120.50' },
    ...{ 'per-hour': '6', tolerance: '5%', 'up-after': '1m', 'up-cooldown': '3m', 'up-step': '2' },
    ...{ 'down-after': '10m', 'down-cooldown': '15m', 'down-step': '3' },
  }
  const told = await run(set, { service: 'api', max: '5', cpu: '70%', ...rules })
  expect(told.sentence).toBe('From now on Helix keeps api in staging at 1 to 5 replicas (others by its schedules), for CPU of 70 % each.')
  const facts = {
    Adds: 'at most 2 at once, after 1 min, 3 min after the act before',
    'Takes away': 'at most 3 at once, after 10 min, 15 min after the act before',
    Tolerance: '5 % around a target nothing is done',
    'Schedules (Europe/Berlin)': 'mon-fri 08:00-20:00 min 3',
    Consciousness: 'below 5: 50 % more replicas than needed',
    Budget: '6 acts an hour, $120.50 a month',
  }
  expect(Object.fromEntries(told.facts!.map(({ label, value }) => [label, value]))).toEqual({ ...facts, Policy: 'api, confirmed by Ada' })
  const shown = await run(show, { policy: 'api' })
  expect(Object.fromEntries(shown.facts!.map(({ label, value }) => [label, value]))).toMatchObject(facts)
  const without = await run(set, { service: 'api', schedule: 'none' })
  expect(without.facts).toContainEqual({ label: 'Time zone', value: 'Europe/Berlin, of schedules: there is none' })
  await expectWhole(told)
})

test('many decisions with long sentences stay in one message', async () => {
  const often = {
    'up-cooldown': '0s',
    'down-cooldown': '0s',
    'down-step': '9',
    'per-hour': '60',
    consciousness: 'below 5 more 50%',
    dollars: '900',
  }
  await run(set, { ...given, ...often, requests: '10', memory: '60%', latency: '800ms' })
  for (let round = 0; round < 14; round += 1) {
    const http = { requestsPerSecond: round % 2 ? 5 : 58, errorRate: 0, p50Ms: 5, p95Ms: 9 }
    await stage.scaling.take(stage.reading(0.2, { http }))
    await stage.done()
    await stage.minutes(3)
  }
  expect((await stage.decisions()).length).toBeGreaterThan(8)
  await expectWhole(await run(show, { policy: 'api' }))
})

test('a simulation says what would have been otherwise, in a sentence and a picture', async () => {
  await run(set, { ...given, requests: '', mode: 'off' })
  for (let round = 0; round < 60; round += 1) {
    await stage.scaling.take(stage.reading(round % 30 < 15 ? 0.4 : 1.9))
    await stage.minutes(1)
  }
  const report = await run(simulate, { policy: 'api', window: '1h', max: '3', 'down-cooldown': '2m' })
  expect(report.sentence).toMatch(
    /^api in staging, over 59 min, with 1 to 3 replicas \(others by its schedules\), for CPU of 70 % each: 3 acts, 0\.\d+ replica-hours more \(\$0\.\d\d\), \d min beyond its targets instead of 30 min\.$/,
  )
  expect(report.picture?.png.byteLength).toBeGreaterThan(10_000)
  await expectWhole(report)
})
