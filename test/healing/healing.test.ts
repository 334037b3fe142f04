import { describe, expect, test } from 'vitest'
import { ada, place } from '#test/policies/stage.ts'
import { healingStage, seconds } from './stage.ts'

type Stage = Awaited<ReturnType<typeof healingStage>>
const setIt = (stage: Stage, rules: Readonly<Record<string, unknown>> = {}, name = 'api-sick', mode: 'act' | 'simulate' = 'act') =>
  stage.process().set(stage.call(), {
    ...{ name, mode, service: { id: stage.api.id, name: 'api' } },
    rules: { when: { kind: 'health', is: ['down', 'degraded'], for: '10s' }, wait: '1m', ...rules },
  })

describe('a service that falls ill', () => {
  test('is healed step by step by one of two processes, told in its one incident, and given up on with people called', async () => {
    const stage = await healingStage()
    await stage.routes.add(stage.call(), { channel: '31', severity: 'info', roles: '@oncall' } as never)
    await setIt(stage)
    const both = [stage.process(), stage.process()]
    const take = async (afterMs: number, read = stage.down) => {
      await stage.clock.turn(afterMs)
      const what = read()
      await Promise.all(both.map((each) => each.take(what)))
      await stage.perform()
    }
    const { incident } = await stage.openIncident()
    const since = stage.clock.now()
    await take(0, () => stage.down({ since }))
    expect(await stage.operationsMade()).toEqual([])
    await take(seconds(10), () => stage.down({ since }))
    for (const _ of [1, 2, 3, 4]) await take(seconds(61), () => stage.down({ since }))
    const made = await stage.operationsMade()
    expect(made.map(({ command, actor, status }) => [command, actor.kind, status])).toEqual([
      ['restart', 'helix', 'succeeded'],
      ['redeploy', 'helix', 'succeeded'],
    ])
    const told = (await stage.timeline()).filter((each) => !each.startsWith('Called'))
    expect(told[0]).toBe('Opened: api is down. No replica runs.')
    expect(told[1]).toBe(
      'api is down. No replica runs. It has been so since 21 Nov 12:00 UTC. Restart api: attempt 1 of 3. If it is not well 1 min after that, redeploy comes next.',
    )
    expect(told[2]).toContain('Redeploy api: attempt 2 of 3. If it is not well 1 min after that, rollback comes next.')
    expect(told[3]).toContain('Rollback is left out: ')
    expect(told[4]).toMatch(/^(Also: )?Healing of api gave up/)
    expect(told.at(-1)).toContain('Healing gives up, and people are called: api is still ill, since 21 Nov 12:00 UTC.')
    expect((await stage.messages()).map(({ channel }) => channel)).toEqual(['31'])
    const report = await stage.shown(incident.id)
    expect(report?.facts?.find(({ label }) => label === 'Healing (api-sick)')?.value).toMatch(/^gave up at 21 Nov 12:0\d UTC$/)
    expect(await stage.incidents.find(incident.id)).toMatchObject({ severity: 'critical', state: 'open' })
  })

  test('after a deployment is rolled back to the one before, and its incident says that it is well again', async () => {
    const stage = await healingStage()
    await setIt(stage, { steps: 'rollback' })
    const [bad, good] = stage.api.deployments
    stage.railway.change(stage.api, bad!.id, { createdAt: new Date(stage.clock.now().getTime() - 60_000) })
    stage.railway.change(stage.api, good!.id, { createdAt: new Date(stage.clock.now().getTime() - 86_400_000) })
    const { incident } = await stage.openIncident()
    const healing = stage.process()
    const since = stage.clock.now()
    await healing.take(stage.down({ since }))
    await stage.clock.turn(seconds(10))
    await healing.take(stage.down({ since }))
    const [made] = await stage.operationsMade()
    expect(made).toMatchObject({ command: 'rollback', change: { deployment: { id: good!.id } } })
    await stage.perform()
    for (const _ of [1, 2]) {
      await stage.clock.turn(seconds(5))
      await healing.take(stage.well())
    }
    await stage.incidents.over(place, `health:${stage.api.id}`, 'api is healthy.')
    expect((await stage.timeline()).some((each) => each.startsWith('api is well again after 1 act of healing.'))).toBe(true)
    expect((await stage.shown(incident.id))?.facts?.at(-1)).toEqual({
      label: 'Healing (api-sick)',
      value: 'attempt 1 of 1: rollback; well again at 21 Nov 12:00 UTC',
    })
  })

  test('and gets well after healing gave up: that trouble of the incident is over; a policy that is set anew ends it, too', async () => {
    const stage = await healingStage()
    await setIt(stage, { steps: 'restart' })
    const healing = stage.process()
    const { incident } = await stage.openIncident()
    const giveUp = async () => {
      for (const afterMs of [5, 15, 61, 61]) {
        await stage.clock.turn(seconds(afterMs))
        await healing.take(stage.down())
        await stage.perform()
      }
    }
    const troubles = async () => (await stage.incidents.find(incident.id))!.troubles.map(({ title }) => title)
    await giveUp()
    expect(await troubles()).toEqual(['api is down', 'Healing of api gave up'])
    expect(await healing.standing(place, 'api-sick')).toMatchObject({ tone: 'bad', sentence: expect.stringContaining('It gave up at') })
    await setIt(stage, { steps: 'restart' })
    expect(await troubles()).toEqual(['api is down'])
    expect((await stage.timeline()).slice(-1)).toEqual(['Ada set the healing policy api-sick.'])
    await stage.clock.turn(seconds(3_600))
    await giveUp()
    expect(await troubles()).toHaveLength(2)
    for (const _ of [1, 2]) {
      await stage.clock.turn(seconds(5))
      await healing.take(stage.well())
    }
    expect(await troubles()).toEqual(['api is down'])
  })

  test('and may do no more in this hour: people are called, once', async () => {
    const stage = await healingStage()
    await stage.routes.add(stage.call(), { channel: '31', severity: 'info', roles: '@oncall' } as never)
    await setIt(stage, { steps: 'restart x3', perHour: 1 })
    const healing = stage.process()
    const { incident } = await stage.openIncident()
    for (const afterMs of [0, 15, 61, 61, 61]) {
      await stage.clock.turn(seconds(afterMs))
      await healing.take(stage.down())
      await stage.perform()
    }
    expect(await stage.operationsMade()).toHaveLength(1)
    const told = await stage.timeline()
    expect(told.filter((each) => each.includes('so people are called: api is still ill'))).toHaveLength(1)
    expect(told.at(-1)).toContain(' Called: @@oncall.')
    expect((await stage.shown(incident.id))?.facts?.find(({ label }) => label === 'Healing (api-sick)')?.value).toBe(
      'attempt 1 of 3: restart; waits, as it did what it may do in an hour',
    )
  })

  test('where no incident is open is told by one message in the channel where the policy was set', async () => {
    const stage = await healingStage()
    await setIt(stage, { when: { kind: 'error-rate', above: '5%', for: '0s' }, steps: 'restart' })
    const healing = stage.process()
    const http = { requestsPerSecond: 10, errorRate: 0.4, p50Ms: 5, p95Ms: 9 }
    for (const _ of [1, 2]) {
      await stage.clock.turn(seconds(61))
      await healing.take(stage.read({ http }))
      await stage.perform()
    }
    await stage.clock.turn(seconds(5))
    await healing.take(stage.read({ http: { ...http, errorRate: 0 } }))
    await stage.clock.turn(seconds(5))
    await healing.take(stage.read({ http: { ...http, errorRate: 0 } }))
    const messages = await stage.messages()
    const own = messages.filter(({ title }) => title === 'Healing of api in staging')
    expect(own).toMatchObject([{ channel: '5', paced: true }])
    expect(own[0]!.report.table?.rows.map(([, verdict]) => verdict)).toContain('restart')
  })
})

describe('nothing is done', () => {
  test('from a reading that is stale', async () => {
    const stage = await healingStage()
    await setIt(stage, { when: { kind: 'health', for: '0s' } })
    await stage.process().take(stage.read({ condition: 'down' }, { stale: true }))
    expect(await stage.decisions()).toEqual([])
  })

  test('while a person changes the service; the incident says so, and the attempt is still there afterwards', async () => {
    const stage = await healingStage()
    await setIt(stage, { steps: 'restart' })
    const healing = stage.process()
    await stage.openIncident()
    const change = { kind: 'redeploy', service: { id: stage.api.id, name: 'api' } } as const
    const plan = await stage.operations.plan(change, place)
    await stage.operations.start(plan, { ...stage.call(), key: 'by-hand', command: 'redeploy' })
    for (const afterMs of [0, 20, 61]) {
      await stage.clock.turn(seconds(afterMs))
      await healing.take(stage.down())
    }
    expect(await stage.operationsMade()).toHaveLength(1)
    expect((await stage.timeline()).slice(1)).toEqual(['Healing waits: a redeploy of api by Ada is under way. It counts as no attempt.'])
    await stage.perform()
    await stage.clock.turn(seconds(61))
    await healing.take(stage.down())
    expect((await stage.timeline()).at(-1)).toContain('Restart api: attempt 1 of 1.')
  })

  test('while everything is stopped, which the incident, the list and the policy say', async () => {
    const stage = await healingStage()
    await setIt(stage)
    await stage.stops.stop(stage.call(ada), 'Migration')
    const healing = stage.process()
    const { incident } = await stage.openIncident()
    for (const afterMs of [0, 20, 61, 61]) {
      await stage.clock.turn(seconds(afterMs))
      await healing.take(stage.down())
    }
    const why = 'Healing is stopped on this server by Ada (“Migration”), so nothing is done by itself.'
    expect((await stage.timeline()).filter((each) => each === why)).toHaveLength(1)
    expect((await stage.shown(incident.id))?.facts?.at(-1)?.value).toBe('stopped on this server')
    expect(await healing.standing(place, 'api-sick')).toMatchObject({ tone: 'warning', sentence: 'Stopped by Ada (“Migration”).' })
    await stage.stops.resume(stage.call(ada))
    await stage.clock.turn(seconds(61))
    await healing.take(stage.down())
    expect(await stage.operationsMade()).toHaveLength(1)
  })

  test('by a simulation, which tells what it would do', async () => {
    const stage = await healingStage()
    await setIt(stage, {}, 'api-sick', 'simulate')
    const healing = stage.process()
    await stage.openIncident()
    for (const afterMs of [0, 20]) {
      await stage.clock.turn(seconds(afterMs))
      await healing.take(stage.down())
    }
    expect(await stage.operationsMade()).toEqual([])
    expect((await stage.timeline()).at(-1)).toContain('Only simulated, and not done: Restart api (attempt 1 of 3).')
    expect((await healing.standing(place, 'api-sick')).sentence).toMatch(
      /^Simulates\. Attempt 1 of 3: restart; if it is not well by 12:01:20 UTC, redeploy comes next\.$/,
    )
  })
})

test('a process that is killed between the decision and the call: another acts, once, and the incident tells it once', async () => {
  const stage = await healingStage()
  await setIt(stage, { when: { kind: 'health', for: '0s' } })
  await stage.openIncident()
  const killed = stage.process((() => Promise.reject(new Error('killed'))) as never)
  await expect(killed.take(stage.down())).rejects.toThrow()
  expect(await stage.operationsMade()).toEqual([])
  await stage.clock.turn(seconds(5))
  const read = stage.down()
  await Promise.all([stage.process(), stage.process()].map((each) => each.take(read)))
  expect(await stage.operationsMade()).toHaveLength(1)
  expect((await stage.timeline()).filter((each) => each.includes('attempt 1 of 3'))).toHaveLength(1)
})

test('two policies of one service do not act at the same moment', async () => {
  const stage = await healingStage()
  await setIt(stage, { when: { kind: 'health', for: '0s' } }, 'a')
  await setIt(stage, { when: { kind: 'health', for: '0s' } }, 'b')
  await stage.process().take(stage.down())
  expect(await stage.operationsMade()).toHaveLength(1)
  expect((await stage.decisions()).map(({ name, verdict }) => [name, verdict])).toEqual([
    ['a', 'restart'],
    ['b', 'waits'],
  ])
})

test('a policy on an alert rule acts while it fires for the service, and not for another', async () => {
  const stage = await healingStage()
  const fires = (service: { readonly id: string; readonly name: string }) =>
    stage.fires([
      {
        ...{ rule: { name: 'slow' }, source: 'command', written: undefined, says: 'x', addedBy: undefined },
        standings: [
          {
            ...{ rule: 'slow', subject: service.id, phase: 'firing', since: stage.clock.now().getTime() },
            trouble: {
              group: service.id,
              severity: 'warning',
              title: `${service.name} is slow`,
              sentence: 'p95 is 2 s.',
              environment: 'staging',
              service,
            },
          },
        ],
      } as never,
    ])
  fires({ id: stage.web.id, name: 'web' })
  await setIt(stage, { when: { kind: 'alert', rule: 'slow' } })
  await expect(setIt(stage, { when: { kind: 'alert', rule: 'slo' } })).rejects.toThrow(
    'There is no alert rule “slo”, so nothing was set. Did you mean slow?',
  )
  const healing = stage.process()
  await healing.take(stage.well())
  expect(await stage.decisions()).toEqual([])
  fires({ id: stage.api.id, name: 'api' })
  await stage.clock.turn(seconds(5))
  await healing.take(stage.well())
  expect((await stage.decisions())[0]!.sentence).toContain('The alert rule slow fires for api. api is slow. p95 is 2 s.')
})

test.each([
  ['run explode', 'There is no command /explode.'],
  ['run restart service=nowhere', 'There is no service “nowhere”'],
  ['run restart', '/restart needs “service”'],
  ['run restart service=api force=1', '/restart has no option “force” for a rule.'],
])('a policy that says “%s” is refused at once', async (steps, why) => {
  const stage = await healingStage()
  await expect(setIt(stage, { steps })).rejects.toThrow(why)
  expect(await stage.policies.list(place)).toEqual([])
})

test('of several readings that wait only the newest counts', async () => {
  const stage = await healingStage()
  await setIt(stage, { when: { kind: 'health', for: '0s' } })
  const healing = stage.process()
  const [first, second] = [stage.down(), stage.well()]
  await Promise.all([healing.take(first), healing.take(second)])
  expect(await stage.decisions()).toEqual([])
})
