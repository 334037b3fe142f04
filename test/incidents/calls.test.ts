import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { calling, warning } from './calling.ts'
import { api, type IncidentStage, omar, openStage, place } from './stage.ts'

let stage: IncidentStage
beforeEach(async () => {
  stage = await openStage()
})
afterEach(() => stage.close())

const { route, report, minutes, rests, becomes } = calling(() => stage)
const critical = 'Critical: api is down in production. It does not answer. Nobody has acknowledged it yet.'

describe('routes', () => {
  test('the one that says most about an incident counts: service, then environment, then severity', async () => {
    await route({ channel: '#ops' })
    await route({ channel: '#leads', severity: 'critical', roles: '@oncall' })
    await route({ channel: '#alerts', service: api, roles: '@admins' })
    const { match } = stage.one.routes
    const where = async (...asked: [severity: 'info' | 'critical', service: string, environment?: string]) => {
      const [severity, service, environment = 'e'] = asked
      return (await match(stage.one.store.db, { ...place, environment }, severity, service)).number
    }
    expect(await where('info', 'other')).toBe(1)
    expect(await where('critical', 'other')).toBe(2)
    expect(await where('critical', api.id)).toBe(3)
    await route({ environment: { id: 'e2', name: 'staging' } })
    expect(await where('critical', 'other', 'e2')).toBe(4)
    await stage.one.routes.remove(place, 3)
    expect(await where('info', api.id)).toBe(1)
    await expect(stage.one.routes.remove(place, 3)).rejects.toThrow('There is no route 3')
  })

  test('an incident is told in its route’s channel, with its roles', async () => {
    await route({ channel: '#ops', roles: '@oncall @admins' })
    await report()
    expect(await stage.posted()).toEqual([`32: @71 @72 ${critical}`])
  })

  test('are said in words', async () => {
    await route({
      service: api,
      severity: 'critical',
      roles: '@oncall',
      quiet: '22:00-7',
      zone: 'Europe/Berlin',
      escalate: '15m @admins; 1h #leads @oncall',
    })
    expect(await stage.one.routes.described(place)).toEqual([
      {
        number: 1,
        what: 'critical of api',
        where: [
          '#alerts, mentions @oncall',
          'quiet 22:00–07:00 Europe/Berlin, but for the critical',
          'not acknowledged for 15 min more: @admins',
          'not acknowledged for 60 min more: @oncall and #leads',
          'by Ada',
        ].join('\n'),
      },
    ])
  })

  test.each([
    [{ channel: '#nowhere' }, 'There is no “#nowhere”.'],
    [{ roles: '@nobody' }, 'There is no “@nobody”.'],
    [{ roles: '<@77>' }, 'Only roles can be called'],
    [{ roles: '#ops' }, 'Only roles can be mentioned'],
    [{ quiet: 'at night' }, 'are no hours'],
    [{ quiet: '25:00-07:00' }, 'are no hours'],
    [{ quiet: '08:00-08:00' }, 'all day'],
    [{ quiet: '22:00-07:00', zone: 'Mars/Olympus' }, 'is no time zone'],
    [{ escalate: '@oncall' }, 'begins with a time'],
    [{ escalate: '5s @oncall' }, 'begins with a time'],
    [{ escalate: '15m' }, 'names neither a role nor a channel'],
    [{ escalate: ' , ' }, '1 to 5 steps'],
    [{ escalate: '15m #ops #leads' }, 'One channel'],
  ] as const)('%o is refused', async (more, why) => {
    await expect(route(more)).rejects.toThrow(why)
    expect(await stage.one.routes.list(place)).toEqual([])
  })
})

describe('escalation', () => {
  beforeEach(() => route({ roles: '@oncall', escalate: '5m @admins, 10m #leads @admins' }))
  const first = `31: @71 ${critical}`
  const next = 'Nobody acknowledged it in time, so the next ones are called.'

  test('calls the next ones after their time, in whatever process, each once, and the whole message where a step names a channel', async () => {
    await report()
    await becomes([first])
    await rests()
    await minutes(5)
    await becomes([first, `note: @72 ${next} Called: @admins.`])
    await minutes(10)
    await becomes([first, `note: @72 ${next} Called: @admins.`, `33: @72 ${critical}`, `note: ${next} Called in #leads: @admins.`])
    await minutes(600)
    await rests()
    expect(await stage.posted()).toHaveLength(4)
  })

  test('survives a restart: what became due meanwhile is called', async () => {
    await report()
    await minutes(6)
    stage.other.incidents.start()
    await becomes([first, `note: @72 ${next} Called: @admins.`])
  })

  test('ends with an acknowledgement', async () => {
    const { id } = await report()
    await stage.delivered()
    await stage.one.incidents.acknowledge(id, omar)
    await minutes(60)
    await becomes([first.replace('Nobody has acknowledged it yet.', 'Omar acknowledged it.'), 'note: Omar acknowledged it.'])
    await rests()
    expect(await stage.posted()).toHaveLength(2)
  })

  test('by a person calls at once, until nobody is left', async () => {
    const { id } = await report()
    await stage.one.incidents.escalate(id, omar)
    await stage.one.incidents.escalate(id, omar)
    expect((await stage.posted()).slice(1)).toEqual([
      'note: @72 Omar escalated it. Called: @admins.',
      `33: @72 ${critical}`,
      'note: Omar escalated it. Called in #leads: @admins.',
    ])
    await expect(stage.one.incidents.escalate(id, omar)).rejects.toThrow('Nobody further is to be called for incident 1')
  })
})

describe('what gives up calls people', () => {
  beforeEach(() => route({ roles: '@oncall', escalate: '5m @admins, 10m #leads @admins' }))

  test('the next ones of its route, however often it is asked for; where nobody further is, its own once more', async () => {
    const { id } = await report()
    for (const { incidents } of [stage.one, stage.other, stage.one]) await incidents.summon(id, 'Healing gave up.', 'heal:1')
    expect((await stage.posted()).slice(1)).toEqual(['note: @72 Healing gave up. Called: @admins.'])
    await stage.one.incidents.summon(id, 'Healing gave up.', 'heal:2')
    await stage.one.incidents.summon(id, 'Healing gave up once more.', 'heal:3')
    expect((await stage.posted()).slice(-1)).toEqual(['note: @71 Healing gave up once more. Called: @oncall.'])
  })

  test('after a silence, and nobody where it is resolved', async () => {
    const { id } = await report()
    await stage.one.incidents.silence(id, new Date(stage.clock.now().getTime() + 3_600_000), omar)
    await stage.one.incidents.summon(id, 'Healing gave up.', 'heal:1')
    expect((await stage.posted()).slice(-1)).toEqual(['note: Healing gave up.'])
    await stage.one.incidents.resolve(id, omar, '')
    await stage.one.incidents.summon(id, 'Healing gave up.', 'heal:2')
    expect((await stage.posted()).slice(-1)).toEqual(['note: Omar resolved it.'])
  })
})

describe('nobody is called', () => {
  test('in quiet hours, unless it is critical; at their end whoever should have been', async () => {
    await route({ roles: '@oncall', quiet: '11:00-14:30', zone: 'Europe/London' })
    await report(warning)
    const told = '31: Warning: api is degraded in production. It does not answer. Nobody has acknowledged it yet.'
    await becomes([told])
    await minutes(149)
    await rests()
    expect(await stage.posted()).toEqual([told])
    await minutes(1)
    await becomes([told, 'note: @71 The quiet hours are over, and nobody has acknowledged it. Called: @oncall.'])
    await report({ fingerprint: 'x', group: 'other', service: { id: 'o', name: 'other' }, title: 'other is down' })
    expect((await stage.posted())[2]).toContain('31: @71 Critical: other is down')
  })

  test('while it is silenced; at its end the route’s roles, unless somebody took it up', async () => {
    await route({ roles: '@oncall', escalate: '5m @admins' })
    const { id } = await report()
    const until = new Date(stage.clock.now().getTime() + 30 * 60_000)
    await stage.one.incidents.silence(id, until, omar)
    await expect(stage.one.incidents.silence(id, stage.clock.now(), omar)).rejects.toThrow('later than now')
    const told = [`31: @71 ${critical}`, 'note: Omar silenced it until 21 Nov 12:30 UTC.']
    await becomes(told)
    await minutes(29)
    await rests()
    expect(await stage.posted()).toEqual(told)
    await minutes(1)
    await becomes([...told, 'note: @71 The silence is over, and nobody has acknowledged it. Called: @oncall.'])
    await minutes(5)
    await becomes([
      ...told,
      'note: @71 The silence is over, and nobody has acknowledged it. Called: @oncall.',
      'note: @72 Nobody acknowledged it in time, so the next ones are called. Called: @admins.',
    ])
  })

  test('an escalation in a silence calls at once, and loses nothing of what its end brings', async () => {
    await route({ roles: '@oncall', escalate: '5m @admins' })
    const { id } = await report()
    await stage.one.incidents.silence(id, new Date(stage.clock.now().getTime() + 30 * 60_000), omar)
    await stage.one.incidents.escalate(id, omar)
    const told = (await stage.posted()).length
    for (const { incidents } of [stage.one, stage.other]) incidents.start()
    await rests(1)
    await minutes(20)
    await rests()
    expect(await stage.posted()).toHaveLength(told)
    await minutes(10)
    await becomes([
      ...(await stage.posted()).slice(0, told),
      'note: @71 The silence is over, and nobody has acknowledged it. Called: @oncall.',
    ])
    expect(await stage.one.incidents.find(id)).toMatchObject({ silencedUntil: undefined })
  })

  test('at the end of a silence that somebody acknowledged, though it was escalated meanwhile; it says that it is over', async () => {
    await route({ roles: '@oncall', escalate: '5m @admins' })
    const { id } = await report()
    await stage.one.incidents.acknowledge(id, omar)
    await stage.one.incidents.silence(id, new Date(stage.clock.now().getTime() + 30 * 60_000), omar)
    await stage.one.incidents.escalate(id, omar)
    const told = await stage.posted()
    await minutes(30)
    await becomes([...told, 'note: The silence is over.'])
    expect(await stage.one.incidents.find(id)).toMatchObject({ silencedUntil: undefined })
  })

  test('until somebody ends the silence: then at once, unless somebody acknowledged it', async () => {
    await route({ roles: '@oncall' })
    const { id } = await report()
    await expect(stage.one.incidents.endSilence(id, omar)).rejects.toThrow('Incident 1 is not silenced')
    const until = new Date(stage.clock.now().getTime() + 30 * 60_000)
    await stage.one.incidents.silence(id, until, omar)
    await stage.one.incidents.endSilence(id, omar)
    expect((await stage.posted()).at(-1)).toBe('note: @71 Omar ended the silence. Called: @oncall.')
    await stage.one.incidents.silence(id, until, omar)
    await stage.one.incidents.acknowledge(id, omar)
    await stage.one.incidents.endSilence(id, omar)
    expect((await stage.posted()).at(-1)).toBe('note: Omar ended the silence.')
    expect(await stage.one.incidents.find(id)).toMatchObject({ silencedUntil: undefined })
  })

  test('for what only went on; what became worse calls by the route of its severity, in the channel of that', async () => {
    await route({ channel: '#alerts', severity: 'warning' })
    await route({ channel: '#ops', severity: 'critical', roles: '@oncall' })
    await report(warning)
    await report({ ...warning, sentence: 'One of three replicas runs.' })
    expect(await stage.posted()).toHaveLength(1)
    await report()
    expect((await stage.posted()).slice(1)).toEqual([
      `32: @71 ${critical}`,
      'note: Now: api is down. It does not answer. Called in #ops: @oncall.',
    ])
  })
})
