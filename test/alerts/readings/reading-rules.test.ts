import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DomainState, ProjectCost } from '#src/adapters/railway/railway.ts'
import type { Shaken } from '#src/alerts/readings/handshake.ts'
import { service } from '#test/consciousness/signals-of.ts'
import { place } from '#test/incidents/stage.ts'
import { readingStage } from './stage.ts'

const DAY = 86_400_000
const priced = (more: Partial<ProjectCost>): ProjectCost => ({
  current: 5,
  estimate: 10,
  lastDay: 0.5,
  usualDay: 0.5,
  byService: [],
  ...more,
})
let stage: Awaited<ReturnType<typeof readingStage>>
beforeEach(async () => {
  stage = await readingStage()
})
afterEach(() => stage.close())

describe('lines of a log', () => {
  const rule = { name: 'boom', kind: 'log', pattern: 'boom', count: 2, within: '5m' }

  test('open an incident of their service, with the lines, masked, and end it when they come no more', async () => {
    await stage.one.alerts.add(stage.call(), rule)
    await stage.start()
    stage.says.lines = [
      stage.line('boom password=hunter2'),
      stage.line('boom @everyone', 1),
      stage.line('boom', 2, { serviceId: 'id-web' }),
    ]
    await stage.turns(60_000)
    expect(await stage.incidents()).toEqual(['open api: 2 lines with “boom” in 5 min'])
    const incident = (await stage.one.incidents.openOf(place, 'id-api'))!
    expect(incident.sentence).toBe('2 such lines or more came in 5 min.')
    const timeline = await stage.one.incidents.timeline(incident.id)
    expect(timeline).toContain('boom @everyone\nboom password=••••')
    expect(timeline).not.toContain('hunter2')
    stage.says.lines = []
    await stage.turns(5 * 60_000)
    await stage.turns(60_000)
    expect(await stage.incidents()).toEqual(['resolved api: 2 lines with “boom” in 5 min'])
  })

  test('are read with one request for all services and rules, as often as health is, by the process that decides, and only where a rule asks', async () => {
    await stage.start()
    await stage.turns(60_000)
    expect(stage.asked).toEqual([])
    await stage.one.alerts.add(stage.call(), rule)
    await stage.one.alerts.add(stage.call(), { ...rule, name: 'bang', pattern: '/bang/' })
    await stage.turns(5_000)
    for (const _ of [1, 2, 3]) await stage.turns(15_000)
    expect(stage.asked).toEqual(['logs', 'logs'])
    stage.says.decides = false
    await stage.turns(600_000)
    expect(stage.asked).toEqual(['logs', 'logs'])
  })

  test('go on being counted by another process after a restart, and nothing is told twice', async () => {
    await stage.one.alerts.add(stage.call(), rule)
    await stage.start()
    stage.says.lines = [stage.line('boom')]
    await stage.turns(60_000)
    await stage.one.alerts.stop()
    stage.says.lines = [stage.line('boom', 65), stage.line('boom again')]
    const next = stage.process(stage.other)
    await stage.begin(next)
    await stage.rested()
    await stage.turns(60_000)
    expect(await stage.incidents()).toEqual(['open api: 2 lines with “boom” in 5 min'])
  })

  test('decide nothing while Railway is away: what fires goes on', async () => {
    await stage.one.alerts.add(stage.call(), rule)
    await stage.start()
    stage.says.lines = [stage.line('boom'), stage.line('boom', 1)]
    await stage.turns(60_000)
    stage.says.isAway = true
    await stage.turns(8 * 60_000)
    await stage.turns(60_000)
    expect(await stage.incidents()).toEqual(['open api: 2 lines with “boom” in 5 min'])
    expect(stage.log.lines.filter(({ message }) => message.startsWith('what alert rules ask for'))).toHaveLength(1)
  })

  test('are looked for at once by a test of the rule', async () => {
    await stage.one.alerts.add(stage.call(), rule)
    stage.read([service('api')])
    expect((await stage.one.alerts.test(place, 'boom')).tried).toEqual([{ of: 'log', reads: 'No such line came.', would: 'is content' }])
    stage.says.lines = [stage.line('boom 1'), stage.line('boom 2')]
    expect((await stage.other.alerts.test(place, 'boom')).tried).toEqual([
      { of: 'api', reads: '2 such lines or more came in 5 min.', would: 'would fire', lines: ['boom 1', 'boom 2'] },
    ])
    stage.says.isAway = true
    await expect(stage.one.alerts.test(place, 'boom')).rejects.toThrow('Railway is away.')
    expect(await stage.incidents()).toEqual([])
  })
})

describe('what a project costs', () => {
  test('beyond an amount, read twice an hour', async () => {
    await stage.one.alerts.add(stage.call(), { name: 'dear', kind: 'cost', above: '$20', recover: '$15' })
    stage.says.cost = priced({ estimate: 31.5, byService: [{ serviceId: 'id-web', cost: 0.4 }] })
    await stage.start()
    await stage.turns(5_000)
    expect(await stage.incidents()).toEqual(['open The project: the expected cost of the billing period above $20'])
    expect((await stage.one.incidents.openOf(place, 'cost'))?.sentence).toBe(
      'The expected cost of the billing period is $31.50. Most of the last day: web $0.40.',
    )
    stage.says.cost = priced({ estimate: 14 })
    for (const _ of [1, 2, 3]) await stage.turns(5 * 60_000)
    expect(stage.asked).toEqual(['cost'])
    await stage.turns(15 * 60_000)
    await stage.turns(5_000)
    expect(await stage.incidents()).toEqual(['resolved The project: the expected cost of the billing period above $20'])
  })

  test('is told by a test with the moment in which it was read, for a minute not anew', async () => {
    await stage.one.alerts.add(stage.call(), { name: 'dear', kind: 'cost', above: '$20' })
    stage.says.cost = priced({ estimate: 31.5 })
    await stage.start()
    const readAt = async () => (await stage.one.alerts.test(place, 'dear')).readAt
    const first = stage.clock.now()
    expect(await readAt()).toEqual(first)
    await stage.clock.turn(40_000)
    stage.read([service('api')])
    expect(await readAt()).toEqual(first)
    await stage.clock.turn(30_000)
    expect(await readAt()).toEqual(stage.clock.now())
  })

  test('that rises faster than usual; of a young project, and of cents, nothing is said', async () => {
    await stage.one.alerts.add(stage.call(), { name: 'rising', kind: 'cost', rise: '50%' })
    stage.read([service('api')])
    const tried = async (more: Partial<ProjectCost>) => {
      stage.says.cost = priced(more)
      await stage.minutes(2)
      return (await stage.one.alerts.test(place, 'rising')).tried.map(({ would }) => would)
    }
    expect(await tried({ lastDay: 0.74 })).toEqual(['is content'])
    expect(await tried({ lastDay: 0.76 })).toEqual(['would fire'])
    expect(await tried({ lastDay: 0.09, usualDay: 0.01 })).toEqual(['is content'])
    expect(await tried({ lastDay: 9, usualDay: undefined })).toEqual(['knows nothing'])
  })

  test('is nothing that a project token may ask: it is said, and nothing fires', async () => {
    await stage.one.alerts.add(stage.call(), { name: 'dear', kind: 'cost', above: 1 })
    await stage.start()
    await stage.turns(5_000)
    expect(await stage.incidents()).toEqual([])
    expect((await stage.one.alerts.test(place, 'dear')).tried).toMatchObject([
      { reads: 'A project token may not ask what it costs: give Helix a workspace token.', would: 'knows nothing' },
    ])
    expect(stage.asked).toEqual(['cost'])
  })
})

describe('certificates', () => {
  const custom = (certificate: DomainState['certificate']): DomainState => ({
    domain: 'shop.example.com',
    service: { id: 'id-web', name: 'web' },
    certificate,
  })
  const inDays = (days: number) => new Date(stage.clock.now().getTime() + days * DAY)

  test('that end soon open an incident of their service, and end it once they are new', async () => {
    await stage.one.alerts.add(stage.call(), { name: 'certs', kind: 'certificate', for: '0s' })
    stage.says.domains = [custom({ state: 'valid', endsAt: inDays(5.5) })]
    await stage.start()
    await stage.turns(5_000)
    expect(await stage.incidents()).toEqual(['open shop.example.com: its certificate ends within 14 days'])
    expect((await stage.one.incidents.openOf(place, 'id-web'))?.sentence).toBe('Its certificate ends in 5 days, on 27 Nov 00:00 UTC.')
    stage.says.domains = [custom({ state: 'valid', endsAt: inDays(89) })]
    await stage.turns(15 * 60_000)
    await stage.turns(5_000)
    expect(await stage.incidents()).toEqual(['resolved shop.example.com: its certificate ends within 14 days'])
  })

  test('that are pending for a while are no fault, for long they are', async () => {
    await stage.one.alerts.add(stage.call(), { name: 'certs', kind: 'certificate', for: '3m' })
    stage.says.domains = [custom({ state: 'pending' })]
    await stage.start()
    for (const _ of [1, 2, 3]) await stage.turns(50_000)
    expect(await stage.incidents()).toEqual([])
    for (const _ of [1, 2]) await stage.turns(50_000)
    expect(await stage.incidents()).toEqual(['open shop.example.com: its certificate is not issued yet'])
  })

  test.each<[string, DomainState['certificate'], Shaken, string, string]>([
    ['failed at Railway', { state: 'failed', fault: 'No CAA.' }, {}, 'Railway could not issue its certificate: No CAA.', 'would fire'],
    ['ended', { state: 'valid' }, { endsAt: new Date('2026-11-20T00:00:00Z') }, 'Its certificate ended on 20 Nov 00:00 UTC.', 'would fire'],
    [
      'not trusted',
      undefined,
      { refused: 'it is for other names' },
      'Visitors do not trust its certificate: it is for other names.',
      'would fire',
    ],
    [
      'of Railway and good',
      undefined,
      { endsAt: new Date('2027-01-10T12:00:00Z') },
      'Its certificate ends in 50 days, on 10 Jan 12:00 UTC.',
      'is content',
    ],
    [
      'presented, whatever Railway says',
      { state: 'valid', endsAt: new Date('2027-01-10T12:00:00Z') },
      { endsAt: new Date('2026-11-21T15:00:00Z') },
      'Its certificate ends in 3 h, on 21 Nov 15:00 UTC.',
      'would fire',
    ],
    ['unknown', undefined, {}, 'Nothing is known of its certificate.', 'knows nothing'],
  ])('%s', async (_, certificate, presented, reads, would) => {
    await stage.one.alerts.add(stage.call(), { name: 'certs', kind: 'certificate', for: '0s' })
    stage.read([service('web')])
    stage.says.domains = [custom(certificate)]
    stage.says.shaken = presented
    expect((await stage.one.alerts.test(place, 'certs')).tried).toEqual([{ of: 'shop.example.com', reads, would, lines: [] }])
  })
})
