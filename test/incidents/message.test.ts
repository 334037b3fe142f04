import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { incidentReport } from '#src/incidents/incident-report.ts'
import type { DeploymentRef } from '#src/kernel/directory.ts'
import type { Report } from '#src/kernel/report.ts'
import { ada, type IncidentStage, openStage } from './stage.ts'

let stage: IncidentStage
beforeEach(async () => {
  stage = await openStage()
})
afterEach(() => stage.close())

const before = (minutes: number) => new Date(stage.clock.now().getTime() - minutes * 60_000)
const deployment = (id: string, minutes: number, more: Partial<DeploymentRef> = {}): DeploymentRef => ({
  ...{ id, createdAt: before(minutes), commit: `${id}f00baa11`, message: `Change ${id}\nmore`, author: 'Grace', image: undefined },
  ...{ status: 'SUCCESS', canRollback: true, canRedeploy: true },
  ...more,
})
const line = (minutes: number, message: string) => ({ at: before(minutes), severity: 'error', message, instanceId: undefined })
const shown = async (id: string): Promise<Report> => {
  const row = await stage.one.store.db.selectFrom('living').select('report').where('subject', '=', id).executeTakeFirstOrThrow()
  return row.report
}
const factOf = (report: Report, label: string) => report.facts?.find((fact) => fact.label === label)?.value
const buttons = (report: Report) => report.actions?.map(({ label }) => label)

test('what led to it is found out in one of the processes, and shown in the message that stands', async () => {
  stage.deployments = [deployment('new', 4), deployment('old', 600, { status: 'REMOVED' })]
  stage.lines = [line(9, 'old news'), line(1, 'ECONNREFUSED <@&71>'), line(0.5, 'ECONNREFUSED <@&71>'), line(0, 'giving up')]
  const { incident } = await stage.one.incidents.report(stage.trouble())
  expect(buttons(await shown(incident.id))).not.toContain('Roll back')
  for (const { incidents } of [stage.one, stage.other]) incidents.start()
  await vi.waitFor(async () => expect(buttons(await shown(incident.id))).toContain('Roll back'), { timeout: 15_000, interval: 20 })
  const report = await shown(incident.id)
  expect(report).toMatchObject({
    title: 'Incident 1: api is down',
    tone: 'bad',
    sentence: 'Critical: api is down in production. It does not answer. Nobody has acknowledged it yet.',
    table: {
      rows: [
        ['11:59:00', 'ECONNREFUSED <@&71> (2 times)'],
        ['12:00:00', 'giving up'],
      ],
    },
  })
  expect(factOf(report, 'Suspected deployment')).toBe('newf00b “Change new”, by Grace, begun 4 min before')
  expect(buttons(report)).toEqual([
    'Acknowledge',
    'Silence 30 min',
    'Silence 2 h',
    'Silence…',
    'Restart',
    'Roll back',
    'Resolve',
    'Timeline',
  ])
  const { rows } = { rows: await stage.one.store.db.selectFrom('messages').selectAll().execute() }
  expect(rows).toHaveLength(1)
})

test('of a flood the first lines are shown, and what was not counted is said to be more', async () => {
  const flood = Array.from({ length: 60_000 }, (_, at) => line(1 - at / 60_000, 'ECONNREFUSED'))
  stage.lines = [line(5, 'old news'), line(1.01, 'the disk is full'), line(1.001, 'giving up'), ...flood]
  const { incident } = await stage.one.incidents.report(stage.trouble())
  stage.one.incidents.start()
  await vi.waitFor(async () => expect((await shown(incident.id)).table).toBeDefined(), { timeout: 15_000, interval: 20 })
  expect((await shown(incident.id)).table?.rows.map(([, message]) => message)).toEqual([
    'the disk is full',
    'giving up',
    expect.stringMatching(/^ECONNREFUSED \(at least \d+ times\)$/),
  ])
})

describe('the suspected deployment', () => {
  const suspected = async (...deployments: readonly DeploymentRef[]) => {
    stage.deployments = deployments
    const { incident } = await stage.one.incidents.report(stage.trouble())
    stage.one.incidents.start()
    const evidence = () =>
      stage.one.store.db
        .selectFrom('incidents')
        .select(['evidence', 'evidence_due'])
        .where('id', '=', incident.id)
        .executeTakeFirstOrThrow()
    await vi.waitFor(async () => expect((await evidence()).evidence_due).toBeNull(), { timeout: 15_000, interval: 20 })
    return (await evidence()).evidence?.suspect?.id
  }
  test('is none that began long before', async () => expect(await suspected(deployment('a', 61))).toBeUndefined())
  test('is none that began afterwards', async () => expect(await suspected(deployment('a', -5))).toBeUndefined())
  test('is none that never served', async () =>
    expect(await suspected(deployment('a', 2, { status: 'FAILED' }), deployment('b', 9))).toBe('b'))
  test('is the one that crashes', async () =>
    expect(await suspected(deployment('a', 2, { status: 'CRASHED' }), deployment('b', 9))).toBe('a'))
})

test('acknowledged, the message says by whom, and offers no acknowledgement any more; resolved, only the timeline', async () => {
  const { incident } = await stage.one.incidents.report(stage.trouble())
  await stage.one.incidents.acknowledge(incident.id, ada)
  const taken = await shown(incident.id)
  expect(taken.sentence).toBe('Critical: api is down in production. It does not answer. Ada acknowledged it.')
  expect(buttons(taken)).not.toContain('Acknowledge')
  await stage.clock.turn(90_000)
  await stage.one.incidents.resolve(incident.id, ada, 'The cache was full.')
  const over = await shown(incident.id)
  expect(over).toMatchObject({ tone: 'good', sentence: 'Resolved by Ada after 1 min 30 s: api is down in production. The cache was full.' })
  expect(buttons(over)).toEqual(['Timeline'])
})

test('every button is a command with the incident’s own place in it', async () => {
  const { incident } = await stage.one.incidents.report(stage.trouble())
  const kept = await stage.one.incidents.find(incident.id)
  const actions = incidentReport(kept as Parameters<typeof incidentReport>[0]).actions ?? []
  expect(actions.map(({ command, arguments: given }) => [command, given])).toEqual([
    ['incidents.ack', { incident: 1 }],
    ['incidents.silence', { incident: 1, for: '30m' }],
    ['incidents.silence', { incident: 1, for: '2h' }],
    ['incidents.choose-silence', { incident: 1 }],
    ['restart', { service: 'api', environment: 'production' }],
    ['incidents.resolve', { incident: 1 }],
    ['incidents.timeline', { incident: 1 }],
  ])
})

test('a remark is one fact of the message, in place of the one before, also after the end', async () => {
  const { incident } = await stage.one.incidents.report(stage.trouble({ facts: [{ label: 'Read', value: '3 s' }] }))
  const remark = (value: string) => stage.other.incidents.remark(incident.id, { label: 'Healing', value })
  await remark('attempt 1 of 3')
  await remark('attempt 2 of 3')
  expect((await shown(incident.id)).facts?.slice(-2)).toEqual([
    { label: 'Read', value: '3 s' },
    { label: 'Healing', value: 'attempt 2 of 3' },
  ])
  await stage.one.incidents.resolve(incident.id, ada, '')
  await remark('well again')
  expect(factOf(await shown(incident.id), 'Healing')).toBe('well again')
})

describe('what led to the trouble that it is about', () => {
  const found = async (id: string, since: string) => {
    for (const { incidents } of [stage.one, stage.other]) incidents.start()
    await vi.waitFor(
      async () => {
        const report = await shown(id)
        expect(factOf(report, 'Since')).toBe(since)
        expect(report.table).toBeDefined()
      },
      { timeout: 15_000, interval: 20 },
    )
    return shown(id)
  }
  const rows = (report: Report) => report.table?.rows.map(([, message]) => message)

  test('is found out anew when it came back', async () => {
    stage.deployments = [deployment('one', 4)]
    stage.lines = [line(0, 'the first')]
    const { incident } = await stage.one.incidents.report(stage.trouble())
    expect(factOf(await found(incident.id, '21 Nov 12:00 UTC'), 'Suspected deployment')).toContain('onef00b')
    await stage.one.incidents.over(incident.place, 'health:s-api', 'It is well.')
    await stage.clock.turn(8 * 60_000)
    stage.deployments = [deployment('two', 3), ...stage.deployments]
    stage.lines = [...stage.lines, line(0, 'the second')]
    await stage.one.incidents.report(stage.trouble())
    expect(rows(await shown(incident.id))).toBeUndefined()
    const report = await found(incident.id, '21 Nov 12:08 UTC')
    expect(factOf(report, 'Suspected deployment')).toContain('twof00b')
    expect(factOf(report, 'Incident opened')).toBe('21 Nov 12:00 UTC')
    expect(rows(report)).toEqual(['the second'])
  })

  test('is found out anew when something worse joins, which then gives title and time', async () => {
    stage.lines = [line(0, 'slow query')]
    const slow = { fingerprint: 'rule:slow', severity: 'warning', title: 'api is slow', sentence: 'p95 is 2 s.' } as const
    const { incident } = await stage.one.incidents.report(stage.trouble(slow))
    await found(incident.id, '21 Nov 12:00 UTC')
    await stage.clock.turn(30 * 60_000)
    stage.deployments = [deployment('two', 3)]
    stage.lines = [...stage.lines, line(0, 'cannot bind')]
    await stage.one.incidents.report(stage.trouble({ outage: true }))
    const report = await found(incident.id, '21 Nov 12:30 UTC')
    expect(report.title).toBe('Incident 1: api is down, and 1 more')
    expect(factOf(report, 'And')).toBe('api is slow: p95 is 2 s.')
    expect(factOf(report, 'Suspected deployment')).toContain('twof00b')
    expect(rows(report)).toEqual(['cannot bind'])
  })

  test('is what whoever told of it knew, as long as that leads', async () => {
    const told = {
      fingerprint: 'rule:log',
      severity: 'critical',
      title: 'api logs',
      sentence: 'Ten lines.',
      lines: ['of the rule'],
    } as const
    const { incident } = await stage.one.incidents.report(stage.trouble({ severity: 'warning', title: 'api is degraded' }))
    await stage.one.incidents.report(stage.trouble(told))
    expect(rows(await shown(incident.id))).toEqual(['of the rule'])
    await stage.one.incidents.report(stage.trouble({ outage: true }))
    expect(rows(await shown(incident.id))).toBeUndefined()
    await stage.one.incidents.over(incident.place, 'health:s-api', 'It is well.')
    expect(rows(await shown(incident.id))).toEqual(['of the rule'])
  })

  test('what was found out about another trouble is not shown for this one', async () => {
    const begun = Promise.withResolvers<void>()
    const held = Promise.withResolvers<void>()
    stage.reading = () => {
      begun.resolve()
      return held.promise
    }
    stage.lines = [line(0, 'of the first')]
    const { incident } = await stage.one.incidents.report(stage.trouble({ severity: 'warning', title: 'api is degraded' }))
    stage.one.incidents.start()
    await begun.promise
    await stage.clock.turn(60_000)
    await stage.other.incidents.report(stage.trouble({ outage: true }))
    stage.lines = [line(0, 'of the second')]
    stage.reading = undefined
    held.resolve()
    expect(rows(await found(incident.id, '21 Nov 12:01 UTC'))).toEqual(['of the second'])
  })
})
