import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { lookEveryMs } from '#src/alerts/looking.ts'
import { UserError } from '#src/kernel/errors.ts'
import { service } from '#test/consciousness/signals-of.ts'
import { ada, omar, place } from '#test/incidents/stage.ts'
import { type AlertStage, alertStage, full } from './stage.ts'

let stage: AlertStage
beforeEach(async () => {
  stage = await alertStage()
})
afterEach(() => stage.close())

const tight = { name: 'tight', kind: 'memory', above: '90%', for: '5m', severity: 'critical' }
const standings = async (name: string) => (await stage.one.alerts.show(place, name)).standings.map(({ phase }) => phase)

describe('rules that fire', () => {
  test('open an incident of their service once it has lasted, and end it', async () => {
    await stage.one.alerts.add(stage.call(), tight)
    await stage.one.alerts.take(stage.read([full('api')]))
    expect([await stage.incidents(), await standings('tight')]).toEqual([[], ['pending']])
    await stage.minutes(3)
    await stage.one.alerts.take(stage.read([full('api')]))
    await stage.minutes(2)
    await stage.one.alerts.take(stage.read([full('api')]))
    expect(await stage.posted()).toEqual([
      'system: Critical: api: memory above 90 % in production. Memory: 99 % now. Nobody has acknowledged it yet.',
    ])
    expect(await stage.one.incidents.openOf(place, 'id-api')).toMatchObject({
      severity: 'critical',
      service: { id: 'id-api', name: 'api' },
      troubles: [{ fingerprint: 'rule:tight:id-api' }],
    })
    for (const _ of [1, 2]) {
      await stage.minutes(1)
      await stage.one.alerts.take(stage.read([full('api', 0.5)]))
    }
    expect([await stage.incidents(), await standings('tight')]).toEqual([['resolved api: memory above 90 %'], []])
  })

  test('are one incident, however many processes decide from the same reading at once', async () => {
    await stage.one.alerts.add(stage.call(), { ...tight, for: '0s' })
    const read = stage.read([full('api')])
    await Promise.all([stage.one, stage.other, stage.one, stage.other].map(({ alerts }) => alerts.take(read)))
    expect(await stage.posted()).toHaveLength(1)
  })

  test('are remembered over a restart: another process goes on counting, and tells nothing twice', async () => {
    await stage.one.alerts.add(stage.call(), tight)
    await stage.one.alerts.take(stage.read([full('api')]))
    await stage.minutes(3)
    await stage.other.alerts.take(stage.read([full('api')]))
    await stage.minutes(2)
    await stage.process(stage.other).take(stage.read([full('api')]))
    await stage.minutes(1)
    await stage.process(stage.one).take(stage.read([full('api')]))
    expect(await stage.posted()).toHaveLength(1)
  })

  test('decide nothing from a reading that is stale, or older than one that was decided from', async () => {
    await stage.one.alerts.add(stage.call(), { ...tight, for: '0s' })
    await stage.one.alerts.take(stage.read([full('api')], { stale: true }))
    expect(await stage.incidents()).toEqual([])
    const old = stage.read([full('api')])
    await stage.minutes(1)
    await stage.one.alerts.take(stage.read([full('api', 0.1)]))
    await stage.other.alerts.take(old)
    expect(await stage.incidents()).toEqual([])
  })

  test('that incidents cannot take are told when they can', async () => {
    let isAway = true
    const report: typeof stage.one.incidents.report = (trouble) =>
      isAway ? Promise.reject(new Error('away')) : stage.one.incidents.report(trouble)
    const alerts = stage.process(stage.one, { incidents: { ...stage.one.incidents, report } })
    await alerts.add(stage.call(), { ...tight, for: '0s' })
    await alerts.take(stage.read([full('api')]))
    expect(await standings('tight')).toEqual(['firing'])
    isAway = false
    await stage.begin(alerts)
    await stage.clock.slept(lookEveryMs)
    expect(await stage.incidents()).toEqual(['open api: memory above 90 %'])
  })

  test('whose rule is disabled or removed are over', async () => {
    await stage.one.alerts.add(stage.call(), { ...tight, for: '0s' })
    await stage.one.alerts.take(stage.read([full('api')]))
    await stage.one.alerts.enable(stage.call(), 'tight', false)
    await stage.minutes(1)
    await stage.one.alerts.take(stage.read([full('api')]))
    expect(await stage.incidents()).toEqual(['resolved api: memory above 90 %'])
  })
})

describe('Helix itself is blind', () => {
  const blind = { name: 'blind', kind: 'helix', for: '0s' }

  test.each([
    [
      'Redis is gone',
      () => {
        stage.world.redisAnswers = false
      },
      'Helix cannot reach Redis',
    ],
    ['Railway cannot be read', () => void stage.read([], { stale: true }), 'Helix cannot see Railway'],
    ['nobody reads Railway', () => stage.minutes(4), 'Helix cannot see Railway'],
    [
      'the budget is used up',
      () => {
        stage.world.slowed = true
      },
      'Railway allows Helix few more requests',
    ],
    ['Discord refuses', () => void stage.world.refused.push('#ops'), 'Helix cannot post everything in Discord'],
  ])('%s: an incident says so', async (_, make, title) => {
    stage.read([full('api', 0.1)])
    await stage.one.alerts.add(stage.call(), blind)
    await make()
    await stage.begin(stage.one.alerts)
    await stage.clock.slept(lookEveryMs)
    expect(await stage.incidents()).toEqual([`open ${title}`])
    expect(await stage.one.incidents.openOf(place, 'helix')).toBeDefined()
  })

  test('and that it sees again', async () => {
    stage.read([])
    await stage.one.alerts.add(stage.call(), blind)
    stage.world.redisAnswers = false
    await stage.begin(stage.one.alerts)
    await stage.clock.slept(lookEveryMs)
    stage.world.redisAnswers = true
    for (const _ of [1, 2]) {
      await stage.clock.turn(lookEveryMs)
      await stage.clock.slept(lookEveryMs)
    }
    expect(await stage.incidents()).toEqual(['resolved Helix cannot reach Redis'])
  })
})

describe('rules of a place', () => {
  test('are those that Helix brings along until somebody says otherwise', async () => {
    const names = async () =>
      (await stage.one.alerts.list(place)).rules.map(({ rule, source }) => `${rule.name} ${rule.enabled ? source : 'off'}`)
    const brought = ['disk-almost-full default', 'helix-is-blind default', 'many-errors default', 'memory-almost-full default']
    expect(await names()).toEqual(brought)
    await stage.one.alerts.enable(stage.call(), 'many-errors', false)
    expect(await names()).toContain('many-errors off')
    await expect(stage.one.alerts.remove(stage.call(), 'disk-almost-full')).rejects.toThrow('/alerts disable')
    await stage.one.alerts.remove(stage.call(), 'many-errors')
    expect(await names()).toEqual(brought)
  })

  test('are refused with what is wrong, twice of one name, and where there is none', async () => {
    await stage.one.alerts.add(stage.call(), tight)
    const refused = async (work: Promise<unknown>) => {
      const error = await work.then(
        () => undefined,
        (reason: unknown) => reason,
      )
      expect(error).toBeInstanceOf(UserError)
      return (error as UserError).message
    }
    expect(await refused(stage.one.alerts.add(stage.call(), tight))).toContain('There is a rule “tight” already')
    expect(await refused(stage.one.alerts.add(stage.call(), { name: 'x', kind: 'cpu', abvoe: 1 }))).toContain('“abvoe” is not known here')
    expect(await refused(stage.one.alerts.show(place, 'tigth'))).toContain('Did you mean tight')
    expect((await stage.one.alerts.show(place, 'tight')).addedBy).toBe('Ada')
  })

  test('of two who add one of the same name at once one is refused', async () => {
    const added = await Promise.allSettled([stage.one, stage.other].map(({ alerts }, at) => alerts.add(stage.call(at ? omar : ada), tight)))
    expect(added.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })
})

describe('a test', () => {
  test('says what a rule reads now and would do, the worst first', async () => {
    await stage.one.alerts.add(stage.call(), tight)
    stage.read([full('web', 0.2), full('api'), service('db')])
    const { tried, readAt } = await stage.one.alerts.test(place, 'tight')
    expect(tried).toEqual([
      { of: 'api', reads: 'Memory: 99 % now.', would: 'would fire when it lasts for 5 min' },
      { of: 'db', reads: 'Nothing is known of its memory now.', would: 'knows nothing' },
      { of: 'web', reads: 'Memory: 20 % now.', would: 'is content' },
    ])
    expect(readAt).toEqual(stage.clock.now())
    expect(await stage.incidents()).toEqual([])
  })

  test('can be posted by the route, clearly marked, and ends by itself', async () => {
    stage.read([full('api', 0.2)])
    await stage.one.alerts.add(stage.call(), tight)
    await stage.one.routes.add(stage.call(), {
      ...{ channel: '#ops', severity: 'critical', service: undefined, environment: undefined, roles: '@oncall' },
      ...{ quiet: undefined, zone: 'UTC', escalate: undefined },
    })
    const { number } = await stage.one.alerts.post(stage.call(), 'tight', undefined)
    expect(await stage.posted()).toEqual([
      '32: @71 Critical: Test of the rule tight in production. Ada asked for this test: nothing is wrong. It ends when somebody resolves it, or after 15 min. Nobody has acknowledged it yet.',
    ])
    await expect(stage.other.alerts.post(stage.call(), 'tight', undefined)).rejects.toThrow(`Incident ${number} is a test`)
    await stage.begin(stage.one.alerts)
    await stage.clock.slept(lookEveryMs)
    await stage.minutes(15)
    await stage.clock.slept(lookEveryMs)
    expect(await stage.incidents()).toEqual(['resolved Test of the rule tight'])
  })
})
