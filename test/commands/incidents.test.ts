import { afterEach, beforeEach, expect, test } from 'vitest'
import { renderReport } from '#src/doors/render/render-report.ts'
import type { Severity } from '#src/incidents/incidents.ts'
import type { Call } from '#src/kernel/call.ts'
import { ada, type IncidentStage, omar, openStage, place } from '#test/incidents/stage.ts'
import addRoute from '../../commands/alerts/route/add.ts'
import listRoutes from '../../commands/alerts/route/list.ts'
import removeRoute from '../../commands/alerts/route/remove.ts'
import ack from '../../commands/incidents/ack.ts'
import chooseSilence from '../../commands/incidents/choose-silence.ts'
import escalate from '../../commands/incidents/escalate.ts'
import list from '../../commands/incidents/list.ts'
import resolve from '../../commands/incidents/resolve.ts'
import show from '../../commands/incidents/show.ts'
import silence from '../../commands/incidents/silence.ts'
import timeline from '../../commands/incidents/timeline.ts'

let stage: IncidentStage
let given: { readonly incidents: IncidentStage['one']['incidents']; readonly clock: IncidentStage['clock']; readonly call: Call }
beforeEach(async () => {
  stage = await openStage()
  given = { incidents: stage.one.incidents, clock: stage.clock, call: { place, actor: omar, door: 'slash' } as unknown as Call }
})
afterEach(() => stage.close())
const atButton = () => ({ ...given, call: { ...given.call, door: 'button' } as Call })
const down = () => stage.one.incidents.report(stage.trouble())
const all = { resolved: false, environment: undefined }

test('/incidents list says how many are open, and which nobody has', async () => {
  expect((await list.run(all, given)).sentence).toBe('No incident is open.')
  await down()
  const other = { fingerprint: 'x', group: 'x', service: { id: 'x', name: 'web' }, title: 'web is slow', severity: 'warning' } as const
  await stage.one.incidents.report(stage.trouble({ ...other, place: { ...place, environment: 'e2' }, environment: 'staging' }))
  await ack.run({ incident: 1 }, given)
  await stage.clock.turn(180_000)
  const report = await list.run(all, given)
  expect(report.sentence).toBe('2 incidents are open, 1 of them critical; 1 not acknowledged.')
  expect(report.table?.rows).toEqual([
    ['1', 'crit ✓', 'production: api: down', '3 min'],
    ['2', 'warn', 'staging: web: slow', '3 min'],
  ])
  expect((await list.run({ ...all, environment: { id: 'e2', name: 'staging' } }, given)).sentence).toBe(
    '1 incident is open in staging, none of them critical; 1 not acknowledged.',
  )
  await resolve.run({ incident: 1, why: '' }, given)
  expect((await list.run({ ...all, resolved: true }, given)).sentence).toBe('The last incident that was resolved.')
})

test('/incidents list shows the worst first, of equals the newest, with a line for each and buttons for the first', async () => {
  const of = (number: number, severity: Severity, title = `service-with-a-name-${number} is down`) =>
    stage.one.incidents.report(
      stage.trouble({
        fingerprint: `x-${number}`,
        group: `${number}`,
        title,
        severity,
        service: { id: 'x', name: `service-with-a-name-${number}` },
      }),
    )
  await of(1, 'critical')
  for (let number = 2; number <= 7; number += 1) await of(number, 'info')
  for (let number = 8; number <= 11; number += 1) await of(number, 'warning')
  await of(12, 'critical')
  await stage.one.incidents.report(stage.trouble({ fingerprint: 'more', group: '12', title: 'A monitor fires', severity: 'warning' }))
  const report = await list.run(all, given)
  expect(report.table?.rows.map(([number]) => number)).toEqual(['12', '1', '11', '10', '9', '8', '7', '6', '5', '4', '3', '2'])
  expect(report.table?.rows[0]).toEqual(['12', 'crit', 'service-with-a-name-12: down', '1', '0 s'])
  expect(report.actions?.map(({ label }) => label)).toEqual(['Show 12', 'Show 1', 'Show 11', 'Show 10', 'Show 9'])
  const { embeds, files } = await renderReport(report, { customId: async ({ label }) => label })
  const { description } = embeds[0] as { readonly description: string }
  expect(description.split('\n').slice(1, 5)).toEqual([
    'No. Is   What                      + Age',
    '─── ──── ───────────────────────── ─ ───',
    ' 12 crit service-with-a-name-12:…  1 0 s',
    '  1 crit service-with-a-name-1: d…   0 s',
  ])
  expect(description).toContain('  2 info')
  expect(description).not.toContain('more rows')
  expect(Buffer.from(files![0]!.data).toString()).toContain('service-with-a-name-12: down')
})

test('what is typed answers a sentence; a pressed button shows the incident as it is now', async () => {
  await down()
  expect((await ack.run({ incident: 1 }, given)).sentence).toBe('Omar acknowledged incident 1: nobody else is called for it.')
  expect((await silence.run({ incident: 1, for: 1_800_000 }, given)).sentence).toBe(
    'Nobody is called for incident 1 until 21 Nov 12:30 UTC.',
  )
  const report = await silence.run({ incident: 1, for: 7_200_000 }, atButton())
  expect(report).toMatchObject({ title: 'Incident 1: api is down', operation: expect.any(String) })
  expect(report.facts).toContainEqual({ label: 'Silenced until', value: '21 Nov 14:00 UTC' })
  expect(report.actions).toContainEqual({ label: 'End the silence', command: 'incidents.silence', arguments: { incident: 1, for: '0s' } })
  expect((await silence.run({ incident: 1, for: 0 }, given)).sentence).toBe('The silence of incident 1 is over.')
  await expect(silence.run({ incident: 1, for: 0 }, given)).rejects.toThrow('is not silenced')
  const choice = await chooseSilence.run({ incident: 1 }, atButton())
  expect(choice.actions?.map(({ arguments: chosen }) => chosen.for)).toEqual(['15m', '1h', '4h', '8h', '1d', '3d'])
  await expect(escalate.run({ incident: 1 }, given)).rejects.toThrow('Nobody further')
  expect((await resolve.run({ incident: 1, why: 'The cache.' }, atButton())).sentence).toContain('Resolved by Omar')
  await expect(ack.run({ incident: 1 }, given)).rejects.toThrow('resolved already, by Omar')
  await expect(ack.run({ incident: 7 }, given)).rejects.toThrow('There is no incident 7')
})

test('/incidents show keeps its own message up to date, until the incident is over', async () => {
  await down()
  const reply = { channel: 'c', message: 'm' }
  const call = { ...given.call, reply }
  const report = await show.run({ incident: 1 }, { ...given, call })
  expect(report.operation).toBeDefined()
  expect(await stage.one.delivery.standing(report.operation!)).toEqual([reply])
  await resolve.run({ incident: 1, why: '' }, given)
  expect(
    (await show.run({ incident: 1 }, { ...given, call: { ...call, reply: { channel: 'c', message: 'm2' } } })).operation,
  ).toBeUndefined()
})

test('/incidents timeline has the story as Markdown', async () => {
  await down()
  await ack.run({ incident: 1 }, given)
  const { document, sentence } = await timeline.run({ incident: 1 }, given)
  expect(sentence).toBe('The timeline of incident 1, api is down, which is acknowledged. Times are in UTC.')
  expect(document).toEqual({ name: 'incident-1', markdown: expect.stringContaining('- 2026-11-21 12:00:00 Omar acknowledged it.') })
})

test('/alerts route add, list and remove', async () => {
  const routes = { alertRoutes: stage.one.routes, call: { ...given.call, actor: ada } }
  expect((await listRoutes.run({}, routes)).sentence).toContain('No route is set')
  const empty = { service: undefined, environment: undefined, quiet: undefined, 'time-zone': 'UTC' }
  const added = await addRoute.run({ ...empty, channel: '#ops', severity: 'warning', roles: '@oncall', escalate: '15m @admins' }, routes)
  expect(added).toMatchObject({ title: 'Route 1', tone: 'good' })
  const listed = await listRoutes.run({}, routes)
  expect(listed.facts).toEqual([
    { label: '1: warning and critical', value: '#ops, mentions @oncall\nnot acknowledged for 15 min more: @admins\nby Ada' },
  ])
  expect((await removeRoute.run({ route: 1 }, routes)).sentence).toContain('Route 1 is gone')
})
