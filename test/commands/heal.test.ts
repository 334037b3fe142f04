import { describe, expect, test } from 'vitest'
import type { Capabilities } from '#src/capabilities.ts'
import { Denied, permissionGuard } from '#src/guards/permission-guard.ts'
import type { Call } from '#src/kernel/call.ts'
import { type Role, roles } from '#src/kernel/command.ts'
import { createDispatch } from '#src/kernel/dispatch.ts'
import { loadCommands } from '#src/kernel/load.ts'
import { healingStage } from '#test/healing/stage.ts'
import { ada, place } from '#test/policies/stage.ts'

const book = await loadCommands(new URL('../../commands/', import.meta.url))

async function stage() {
  const all = await healingStage()
  const healing = all.process()
  const dispatch = createDispatch({
    book,
    capabilities: { healing, policyStops: all.stops, clock: all.clock, directory: all.directory } as Partial<Capabilities> as Capabilities,
    directory: all.directory,
    entry: [permissionGuard({ roleOf: async (_, standing) => roles.find((each) => standing?.roles.includes(each)) })],
    action: [],
  })
  return {
    ...all,
    healing,
    run(command: string, raw: Call['raw'] = {}, role: Role = 'admin') {
      const call: Call = { key: command, command, raw, actor: ada, door: 'slash', place, reply: { channel: '5', message: '1' } }
      return dispatch(call, { roles: [role], administrator: false })
    },
  }
}

describe('/heal set', () => {
  test('needs no more than a service', async () => {
    const { run, policies } = await stage()
    expect(await run('heal.set', { service: 'api' })).toMatchObject({
      title: 'Healing policy api-sick',
      tone: 'good',
      sentence:
        'When api is down or degraded for 30 s: restart, redeploy, rollback. Each act has 2 min to help; at most 6 acts an hour. After the last, people are called. It acts by itself from now on, and tells each act in the incident.',
      actions: [{ command: 'heal.show' }, { command: 'heal.mode', arguments: { policy: 'api-sick', mode: 'simulate' } }],
    })
    expect((await policies.list(place))[0]).toMatchObject({
      mode: 'act',
      channel: '5',
      rules: { wait: 120_000, settle: 600_000, perHour: 6 },
    })
  })

  test('takes a figure, steps, limits and a mode', async () => {
    const { run } = await stage()
    const raw = {
      ...{ service: 'api', when: 'latency', above: '800ms', recover: '500ms', for: '3m', steps: 'scale +2 max 6, restart x2' },
      ...{ wait: '5m', settle: '1h', 'per-hour': 3, dollars: '40', mode: 'simulate', name: 'slow-api' },
    }
    expect(await run('heal.set', raw)).toMatchObject({
      title: 'Healing policy slow-api',
      sentence:
        'When p95 latency of api is above 800 ms for 3 min: scale by 2 up to 6 replicas, restart twice. Each act has 5 min to help; at most 3 acts an hour, scaling up to $40 a month. After the last, people are called. It only simulates: it tells what it would do, and does nothing.',
    })
  })

  test.each([
    [{ when: 'cpu' }, '“when” above is missing'],
    [{ when: 'down', above: '5%' }, '“above”, “below” and “recover” are for figures'],
    [{ when: 'alert' }, 'Name the alert rule as “alert”'],
    [{ when: 'down', alert: 'slow' }, 'Name an alert rule, or what is wrong: not both.'],
    [{ alert: 'slow' }, 'There is no alert rule “slow”, so nothing was set. /alerts list shows them all.'],
    [{ alert: 'slow', for: '5m' }, 'An alert rule says itself how long it has to be so'],
    [{ steps: 'restrt' }, '“restrt” is no step (did you mean restart?)'],
    [{ steps: 'restart x0' }, '“steps 1 attempts” must be at least 1'],
    [{ steps: 'restart, '.repeat(6) }, '“steps” must have at most 5 entries'],
    [{ dollars: 'much' }, '“dollars” must be a number'],
    [{ dollars: '0' }, '“dollars” must be more than 0'],
    [{ wait: 'soon' }, '“wait” must be a length of time from 10 s to 1 d'],
    [{ name: 'No name' }, '“no name” is no name for a policy'],
    [{ service: 'nowhere' }, 'There is no service “nowhere”'],
  ])('%o is refused with its fault, and nothing is set', async (raw, fault) => {
    const { run, policies } = await stage()
    await expect(run('heal.set', { service: 'api', ...raw })).rejects.toThrow(fault)
    expect(await policies.list(place)).toEqual([])
  })

  test('with an existing name keeps what is left out; none takes it away', async () => {
    const { run, policies } = await stage()
    const rules = async (name = 'api-sick') => (await policies.list(place)).find((each) => each.name === name)
    await run('heal.set', {
      service: 'api',
      steps: 'restart x2, rollback',
      wait: '30s',
      for: '5s',
      'per-hour': 3,
      dollars: '40',
      mode: 'simulate',
    })
    const again = await run('heal.set', { service: 'api', settle: '1h' })
    expect(again.sentence).toBe(
      'Set anew, and what was left out is as it was. When api is down or degraded for 5 s: restart twice, rollback. Each act has 30 s to help; at most 3 acts an hour. After the last, people are called. It only simulates: it tells what it would do, and does nothing.',
    )
    expect(await rules()).toMatchObject({ mode: 'simulate', rules: { wait: 30_000, settle: 3_600_000, perHour: 3, dollars: 40 } })
    await run('heal.set', { service: 'api', name: 'api-sick', when: 'down', wait: 'none', steps: 'none', dollars: 'none', mode: 'act' })
    expect(await rules()).toMatchObject({ mode: 'act', rules: { when: { is: ['down'], for: 5_000 }, wait: 120_000, settle: 3_600_000 } })
    expect((await rules())!.rules.dollars).toBeUndefined()
    expect((await rules())!.rules.steps).toHaveLength(3)
    await run('heal.set', { service: 'api', name: 'busy', when: 'cpu', above: '80%', recover: '60%', for: '3m' })
    await run('heal.set', { service: 'api', name: 'busy', above: '90%' })
    expect((await rules('busy'))!.rules.when).toMatchObject({ kind: 'cpu', above: { value: 0.9 }, recover: { value: 0.6 }, for: 180_000 })
    await run('heal.set', { service: 'api', name: 'busy', below: '5%' })
    expect((await rules('busy'))!.rules.when).not.toHaveProperty('above')
    await expect(run('heal.set', { service: 'web', name: 'busy' })).rejects.toThrow('The policy “busy” is of api, so nothing was set.')
  })

  test('is for admins, as are mode, remove and resume; whoever may operate may stop', async () => {
    const { run } = await stage()
    for (const command of ['heal.set', 'heal.mode', 'heal.remove', 'heal.resume'])
      await expect(run(command, {}, 'deployer')).rejects.toBeInstanceOf(Denied)
    await expect(run('heal.stop', {}, 'viewer')).rejects.toBeInstanceOf(Denied)
    expect(await run('heal.stop', { reason: 'Migration' }, 'operator')).toMatchObject({
      sentence:
        'Nothing heals and nothing scales by itself on this server from now on (“Migration”). What is under way goes on to its end. An admin resumes with /heal resume.',
    })
    await expect(run('heal.stop', {}, 'operator')).rejects.toThrow(
      'Healing and scaling are stopped already, by Ada (“Migration”), so nothing was done.',
    )
    expect(await run('heal.list', {}, 'viewer')).toMatchObject({
      tone: 'warning',
      sentence: 'Healing and scaling are stopped by Ada (“Migration”). Nothing is healed in staging yet: /heal set begins.',
    })
    expect(await run('heal.resume')).toMatchObject({ sentence: 'Policies act again. Ada had stopped them just now (“Migration”).' })
    await expect(run('heal.resume')).rejects.toThrow('not stopped')
  })
})

test('/heal list and show say what each policy does now and decided before; mode and remove change that', async () => {
  const { run, down, clock, healing } = await stage()
  expect(await run('heal.list')).toMatchObject({ tone: 'neutral', sentence: 'Nothing is healed in staging yet: /heal set begins.' })
  await run('heal.set', { service: 'api', for: '0s' })
  await run('heal.set', { service: 'web', mode: 'off' })
  expect(await run('heal.list')).toMatchObject({
    table: {
      rows: [
        ['api-sick', 'Nothing was read yet.', 'restart, redeploy, rollback'],
        ['web-sick', 'It is off.', 'restart, redeploy, rollback'],
      ],
    },
  })
  await healing.take(down())
  expect(await run('heal.list', {}, 'viewer')).toMatchObject({
    tone: 'warning',
    sentence: '2 healing policies in staging. api-sick is at work.',
  })
  expect(await run('heal.show', { policy: 'api-sick' }, 'viewer')).toMatchObject({
    tone: 'warning',
    sentence: expect.stringMatching(/^Attempt 1 of 3: restart; if it is not well by 12:02:00 UTC, redeploy comes next\. When api is/),
    table: { rows: [['21 Nov 12:00 UTC', 'restart', 'queued']] },
  })
  await expect(run('heal.show', { policy: 'api' })).rejects.toThrow('Did you mean api-sick')
  await clock.turn(1_000)
  expect(await run('heal.mode', { policy: 'api-sick', mode: 'off' })).toMatchObject({
    sentence: expect.stringContaining('api-sick is off: it does not even look.'),
  })
  expect(await run('heal.remove', { policy: 'web-sick' })).toMatchObject({
    sentence: expect.stringContaining('web-sick is gone; web is not healed by it any more.'),
  })
})
