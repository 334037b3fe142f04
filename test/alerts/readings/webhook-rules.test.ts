import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readNotice } from '#src/webhooks/notice.ts'
import { turnsOf } from '#src/webhooks/turns.ts'
import { service } from '#test/consciousness/signals-of.ts'
import { place } from '#test/incidents/stage.ts'
import { readingStage } from './stage.ts'

let stage: Awaited<ReturnType<typeof readingStage>>
beforeEach(async () => {
  stage = await readingStage()
})
afterEach(() => stage.close())

describe('webhooks of Railway', () => {
  const told = (
    type: string,
    more: { readonly secondsAgo?: number; readonly severity?: string; readonly service?: string; readonly volume?: string } = {},
  ) => {
    const { secondsAgo = 0, severity = 'WARNING', service: name, volume } = more
    const resource = {
      project: { id: 'p' },
      environment: { id: 'e', name: 'production' },
      ...(name && { service: { id: `id-${name}`, name } }),
      ...(volume && { volume: { id: volume } }),
    }
    const timestamp = new Date(stage.clock.now().getTime() - secondsAgo * 1_000).toISOString()
    const notice = readNotice({ type, severity, timestamp, resource })!
    return { ...notice, turns: turnsOf(notice) }
  }
  const failed = { name: 'failed', kind: 'webhook', type: 'failed' }

  test('open an incident of their service, which ends when Railway says that it is over', async () => {
    await stage.one.alerts.add(stage.call(), failed)
    await stage.start()
    await stage.other.alerts.hear(place, told('DEPLOYMENT_FAILED', { service: 'api' }))
    await stage.one.alerts.hear(place, told('Deployment.queued', { service: 'web' }))
    await stage.turns(5_000)
    expect(await stage.incidents()).toEqual(['open api: Railway says DEPLOYMENT_FAILED'])
    await stage.one.alerts.hear(place, told('Deployment.deployed', { service: 'web' }))
    await stage.turns(5_000)
    expect(await stage.incidents()).toEqual(['open api: Railway says DEPLOYMENT_FAILED'])
    await stage.other.alerts.hear(place, told('Deployment.deployed', { service: 'api' }))
    await stage.turns(5_000)
    expect(await stage.incidents()).toEqual(['resolved api: Railway says DEPLOYMENT_FAILED'])
    expect((await stage.one.alerts.test(place, 'failed')).tried).toMatchObject([
      { of: 'api', reads: 'Railway says that it is over: after DEPLOYMENT_FAILED came Deployment.deployed.', would: 'is content' },
    ])
  })

  test('end by themselves after their time, and one that comes late changes nothing', async () => {
    await stage.one.alerts.add(stage.call(), { ...failed, within: '10m' })
    await stage.start()
    await stage.one.alerts.hear(place, told('Deployment.deployed', { service: 'web' }))
    await stage.one.alerts.hear(place, told('Deployment.failed', { service: 'web', secondsAgo: 20 }))
    await stage.one.alerts.hear(place, told('Deployment.failed', { service: 'api', secondsAgo: 2 * 3_600 }))
    await stage.turns(5_000)
    expect(await stage.incidents()).toEqual([])
    await stage.one.alerts.hear(place, told('Deployment.failed', { service: 'api' }))
    await stage.turns(5_000)
    await stage.turns(10 * 60_000)
    await stage.turns(5_000)
    expect(await stage.incidents()).toEqual(['resolved api: Railway says Deployment.failed'])
  })

  test('are those of a severity, a service and a number', async () => {
    await stage.one.alerts.add(stage.call(), {
      name: 'bad',
      kind: 'webhook',
      type: 'Deployment.*',
      level: 'warning',
      services: 'a*',
      count: 2,
    })
    await stage.start()
    const send = (severity: string, name: string) => stage.one.alerts.hear(place, told('Deployment.crashed', { severity, service: name }))
    for (const [severity, name] of [
      ['WARNING', 'api'],
      ['INFO', 'api'],
      ['CRITICAL', 'web'],
      ['shrug', 'api'],
    ] as const)
      await send(severity, name)
    await stage.turns(5_000)
    expect(await stage.incidents()).toEqual([])
    await send('Critical', 'api')
    await stage.turns(5_000)
    expect(await stage.incidents()).toEqual(['open api: Railway says Deployment.crashed'])
  })

  test('are one incident with what Helix makes of them itself', async () => {
    await stage.one.alerts.add(stage.call(), { name: 'volumes', kind: 'webhook', type: 'VolumeAlert.triggered' })
    await stage.start()
    const notice = told('VolumeAlert.triggered', { volume: 'v1' })
    const { matter, title } = notice.turns[0] as { readonly matter: string; readonly title: string }
    await stage.one.incidents.report({
      ...{ place, environment: 'production', fingerprint: matter, group: matter, severity: 'warning', title, sentence: 'So.' },
      since: stage.clock.now(),
    })
    await stage.one.alerts.hear(place, notice)
    await stage.turns(5_000)
    expect((await stage.one.incidents.openOf(place, matter))?.troubles).toHaveLength(2)
    await stage.one.alerts.hear(place, told('VolumeAlert.resolved', { volume: 'v1' }))
    await stage.turns(5_000)
    expect((await stage.one.incidents.openOf(place, matter))?.troubles).toHaveLength(1)
  })

  test('are kept of environments that are watched, and no more than a few hundred', async () => {
    await stage.one.alerts.add(stage.call(), failed)
    await stage.one.alerts.hear(place, told('Deployment.failed', { service: 'api' }))
    const kept = () => stage.one.store.db.selectFrom('alert_readings').select('reading').execute()
    expect(await kept()).toEqual([])
    stage.read([service('api')])
    for (let at = 0; at < 520; at++) await stage.one.alerts.hear(place, told('Deployment.failed', { service: 'api' }))
    expect((await kept())[0]?.reading).toMatchObject({ notices: { length: 500 } })
  })
})
