import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { readNotice } from '#src/webhooks/notice.ts'
import { turnsOf } from '#src/webhooks/turns.ts'
import { asking } from './asking.ts'
import { eventually, type Mounted, mount } from './mounted.ts'

interface Body {
  readonly type: string
  readonly details: { readonly id?: string; readonly status?: string }
  readonly resource: { readonly deployment?: { readonly id: string } }
}

const received: Body[] = []
/** What is answered next. */
const answers: number[] = []
const server = createServer((request, response) => {
  let text = ''
  request.setEncoding('utf8').on('data', (part: string) => {
    text += part
  })
  request.on('end', () => {
    const status = answers.shift() ?? 200
    if (status === 200) received.push(JSON.parse(text))
    response.writeHead(status).end()
  })
})
let mounted: Mounted
let api: ReturnType<typeof asking>
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  mounted = await mount({ webhookUrl: `http://127.0.0.1:${port}/webhooks/railway/secret` })
  await mounted.railway.whenHealthy('staging')
  api = asking(mounted)
})
beforeEach(() => void received.splice(0))
afterEach(() => mounted.fault('clear'))
afterAll(async () => {
  await mounted.close()
  server.close()
})

const at = { service: 'api', environment: 'staging' }
const types = () => received.map(({ type }) => type)
const send = (type: string) => mounted.fault('send-webhook', { ...at, type })

test('each change of a deployment is told of, with what Railway says of it, and a status that means nothing', async () => {
  const { deployment: id } = (await mounted.fault('deploy-in-dashboard', at)) as { deployment: string }
  const ofIt = () => received.filter(({ resource }) => resource.deployment?.id === id)
  await eventually(ofIt, (all) => all.some(({ type }) => type === 'Deployment.deployed'))
  expect(new Set(ofIt().map(({ type }) => type))).toEqual(
    new Set(['Deployment.queued', 'Deployment.building', 'Deployment.deploying', 'Deployment.deployed']),
  )
  await eventually(types, (all) => all.includes('Deployment.removed'))
  expect(ofIt()[0]?.details).toMatchObject({ id, source: 'GitHub', status: 'SUCCESS', branch: 'main' })
  expect(readNotice(ofIt()[0])).toMatchObject({
    ...{ deployment: id, service: { id: api.serviceId, name: 'api' }, environment: { id: api.environmentId, name: 'staging' } },
    ...{ project: mounted.railway.credentials().projectId, at: expect.any(Date) },
  })
})

test('a volume is told of when it fills up, and when it no longer does', async () => {
  await mounted.fault('fill-volume', { ...at, percent: 79 })
  await mounted.fault('fill-volume', { ...at, percent: 95 })
  await mounted.fault('fill-volume', { ...at, percent: 97 })
  await eventually(types, (all) => all.length === 1)
  await mounted.fault('fill-volume', { ...at, percent: 10 })
  await eventually(types, (all) => all.length === 2)
  expect(types()).toEqual(['VolumeAlert.triggered', 'VolumeAlert.resolved'])
  expect(received[0]).toMatchObject({ details: {}, severity: 'WARNING' })
})

test.each(['Deployment.oom_killed', 'Deployment.needs_approval', 'VolumeAlert.triggered', 'Monitor.triggered'])(
  '%s can be sent, however it is spelled then, and is something that a person has to look after',
  async (type) => {
    await send(type)
    await mounted.fault('webhook-trouble', { oddSpelling: true, duplicates: 3 })
    await send(type)
    await eventually(types, (all) => all.length === 5)
    const notices = received.map((body) => readNotice(body)!)
    expect(new Set(types()).size).toBeGreaterThan(1)
    expect(new Set(notices.map((notice) => notice.type)).size).toBe(1)
    expect(turnsOf(notices[0]!)).toMatchObject([{ begins: true }])
  },
)

test('in no order, but all of them; lost ones do not come', async () => {
  await mounted.fault('webhook-trouble', { outOfOrder: true })
  for (let count = 0; count < 10; count += 1) await send('Deployment.deploying')
  await mounted.fault('webhook-trouble', { lostPercent: 100 })
  await send('Monitor.triggered')
  await eventually(types, (all) => all.length === 10)
  expect(types()).not.toContain('Monitor.triggered')
})

test('one that is not taken is sent again', async () => {
  answers.push(503)
  await send('Monitor.triggered')
  await eventually(types, (all) => all.length === 1)
  const { webhooks } = mounted.railway.state() as { webhooks: { sent: number; last: string } }
  expect(webhooks).toMatchObject({ last: 'Monitor.triggered', failed: 0 })
})

test('a service that there is not is refused in a sentence', async () => {
  await expect(mounted.fault('send-webhook', { service: 'nobody', type: 'Monitor.triggered' })).rejects.toThrow('no service nobody')
})
