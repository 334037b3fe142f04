import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Trouble } from '#src/incidents/incidents.ts'
import { calling, warning } from './calling.ts'
import { type IncidentStage, omar, openStage, place } from './stage.ts'

let stage: IncidentStage
beforeEach(async () => {
  stage = await openStage()
})
afterEach(() => stage.close())
const { route, report, minutes, rests, becomes } = calling(() => stage)

describe('what leads', () => {
  const figure = (more: Partial<Trouble> = {}): Partial<Trouble> => ({
    ...{ fingerprint: 'railway:monitor:m', title: 'A monitor fires', sentence: 'A threshold is crossed.', severity: 'critical' },
    ...more,
  })
  const down = { outage: true } as const
  const ok = (fingerprint: string) => stage.one.incidents.over(place, fingerprint, 'It is well.')

  test('a service that goes down calls once, though something as severe is told already, and leads', async () => {
    await route({ roles: '@oncall', escalate: '20m @admins' })
    await report(figure())
    await minutes(1)
    const { number } = await report(down)
    await report(figure({ fingerprint: 'rule:1', title: 'api is slow' }))
    expect(await stage.one.incidents.list(place)).toMatchObject([{ number, title: 'api is down', troubles: { length: 3 } }])
    expect((await stage.posted()).slice(1)).toEqual([
      'note: @71 Also: api is down. It does not answer. Called: @oncall.',
      'note: Also: api is slow. A threshold is crossed.',
    ])
    await ok('health:s-api')
    await report({ ...down, since: stage.clock.now() })
    expect((await stage.posted()).filter((line) => line.includes('@71'))).toHaveLength(2)
  })

  test('severity that goes up and down calls once, and the next ones when nobody acknowledges', async () => {
    await route({ roles: '@oncall', escalate: '5m @admins' })
    await report(warning)
    for (let times = 0; times < 5; times += 1) {
      await report(down)
      await minutes(1)
      await report(warning)
    }
    await becomes([
      ...(await stage.posted()).slice(0, 11),
      'note: @72 Nobody acknowledged it in time, so the next ones are called. Called: @admins.',
    ])
    expect((await stage.posted()).filter((line) => line.includes('@71'))).toEqual([
      expect.stringMatching(/^31: @71 Warning/),
      expect.stringMatching(/^note: @71 Now: api is down/),
    ])
    await report(down)
    await minutes(10)
    await rests()
    expect((await stage.posted()).filter((line) => line.includes('@7'))).toHaveLength(3)
    // Half an hour after the last call it is another matter.
    await report(warning)
    await minutes(20)
    await report(down)
    expect((await stage.posted()).at(-1)).toBe('note: @71 Now: api is down. It does not answer. Called: @oncall.')
  })

  test('what comes back again and again calls nobody anew; the next ones are called once it was so for as long as they wait', async () => {
    await route({ roles: '@oncall', escalate: '5m @admins' })
    await report(down)
    for (let times = 0; times < 3; times += 1) {
      await stage.delivered()
      await minutes(1)
      await ok('health:s-api')
      await minutes(1)
      await report(down)
    }
    for (const { incidents } of [stage.one, stage.other]) incidents.start()
    const called = async () => (await stage.posted()).filter((line) => line.includes('@7'))
    expect(await called()).toHaveLength(1)
    await minutes(1)
    await rests()
    expect(await called()).toHaveLength(1)
    await minutes(1)
    await rests()
    expect(await called()).toEqual([
      expect.stringContaining('31: @71'),
      expect.stringContaining('note: @72 Nobody acknowledged it in time'),
    ])
    await stage.delivered()
    await ok('health:s-api')
    await minutes(1)
    await report(down)
    await rests()
    expect(await called()).toHaveLength(2)
    // Nobody further is there: its own once more, when it is still so half an hour after the last call.
    await minutes(30)
    await rests()
    expect((await called()).slice(2)).toEqual(['note: @71 It came back, and nobody has acknowledged it. Called: @oncall.'])
  })

  test('whom nothing could be shown when it ended is called when it comes back', async () => {
    await route({ roles: '@oncall' })
    await report(down)
    await ok('health:s-api')
    expect((await stage.posted()).filter((line) => line.includes('@71'))).toEqual([])
    await minutes(5)
    await report(down)
    expect((await stage.posted()).at(-1)).toBe('note: @71 It came back: api is down. It does not answer. Called: @oncall.')
  })

  test('what is silenced and comes back is silenced still', async () => {
    await route({ roles: '@oncall' })
    const { id } = await report(down)
    await stage.delivered()
    await stage.one.incidents.silence(id, new Date(stage.clock.now().getTime() + 30 * 60_000), omar)
    await ok('health:s-api')
    await minutes(5)
    await report(down)
    expect((await stage.posted()).filter((line) => line.includes('@71'))).toHaveLength(1)
    expect((await stage.one.incidents.find(id))?.silencedUntil).toBeDefined()
    await minutes(25)
    await becomes([...(await stage.posted()), 'note: @71 The silence is over, and nobody has acknowledged it. Called: @oncall.'])
  })

  test('for what somebody acknowledged nobody is called, also when it becomes worse; the thread says so', async () => {
    await route({ severity: 'warning' })
    await route({ channel: '#ops', severity: 'critical', roles: '@oncall' })
    const { id } = await report(warning)
    await stage.one.incidents.acknowledge(id, omar)
    await report(down)
    expect((await stage.posted()).slice(2)).toEqual([
      '32: Critical: api is down in production. It does not answer. Omar acknowledged it.',
      'note: Now: api is down. It does not answer. Omar acknowledged it, so nobody is called.',
    ])
  })
})

test('the timeline names who was called, where, from the first call on', async () => {
  await route({ roles: '@oncall @admins', escalate: '5m #leads @oncall' })
  const { id } = await report()
  await stage.one.incidents.escalate(id, omar)
  const lines = (await stage.one.incidents.timeline(id)).split('\n').filter((line) => line.startsWith('- 20'))
  expect(lines.map((line) => line.slice('- 2026-11-21 12:00:00 '.length).replaceAll(/[\\\u200b]/g, ''))).toEqual([
    'Opened: api is down. It does not answer.',
    'Called in #alerts: @oncall and @admins.',
    'Omar escalated it. Called in #leads: @oncall.',
  ])
})
