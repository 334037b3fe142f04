import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import operationNews from '#events/operation-news.ts'
import operationSettled from '#events/operation-settled.ts'
import type { Capabilities } from '#src/capabilities.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { createEmit } from '#src/kernel/emit.ts'
import type { Event } from '#src/kernel/event.ts'
import { freePort } from '#src/launch/free-port.ts'
import { createZapier } from '#src/zapier/zapier.ts'
import { meshAt } from '../mesh/stage.ts'
import { type Started, startZapier } from '../services/zapier-integration/started.ts'
import { quietLog } from '../support/quiet-log.ts'
import { secrets } from '../support/service.ts'

const clock = systemClock()
const events = [operationNews, operationSettled] as unknown as readonly Event[]
const told = {
  id: '6f1d4c52-26f0-4d0b-9a52-1f7d2f1f1c11',
  place: { guild: 'g', project: 'p', environment: 'e' },
  kind: 'deploy',
  service: 'web',
  environment: 'production',
  status: 'succeeded',
  sentence: 'web is deployed in production.',
  by: 'Ada',
}
const hub = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk) => {
    body += chunk
  })
  request.on('end', () => {
    received.push(JSON.parse(body))
    response.end()
  })
})
let received: unknown[] = []
let service: Started
let log: ReturnType<typeof quietLog>

beforeAll(async () => {
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve))
  const url = new URL(`http://127.0.0.1:${(hub.address() as AddressInfo).port}`)
  service = await startZapier({ hooks: new Map([['communications-hub', url]]) })
})
afterAll(async () => {
  await service?.stop()
  hub.close()
})
beforeEach(() => {
  received = []
  log = quietLog()
})

/** A process of the bot that hears of operations, with its Zapier service at that address. */
function processAt(url: string | undefined) {
  const mesh = meshAt(url === undefined ? {} : { ZAPIER_SERVICE_URL: url }, { secret: secrets.SERVICE_MESH_SECRET })
  const invalidated: unknown[] = []
  const environments = { invalidate: (place: unknown) => void invalidated.push(place) }
  const capabilities = { zapier: createZapier({ mesh, clock }), environments, log } as unknown as Capabilities
  return { emit: createEmit(events, capabilities, log), invalidated }
}

test('the end of an operation reaches the communications hub once, however many processes heard of it', async () => {
  for (const { emit } of [processAt(service.url), processAt(service.url)]) emit('operation.settled', told)
  await expect.poll(() => received).toHaveLength(1)
  expect(received[0]).toMatchObject({
    type: 'trigger',
    name: 'operation.settled',
    source: 'bot',
    data: {
      operation: told.id,
      kind: 'deploy',
      service: 'web',
      environment: 'production',
      status: 'succeeded',
      sentence: 'web is deployed in production.',
      asked_by: 'Ada',
    },
  })
  await expect.poll(async () => (await service.ask('GET', '/api/webhooks/status')).body).toMatchObject({ triggerCount: 1, queueDepth: 0 })
  expect(received).toHaveLength(1)
})

test('a person’s word on one that ended unknown is news of its own', async () => {
  const { emit } = processAt(service.url)
  const id = '6f1d4c52-26f0-4d0b-9a52-1f7d2f1f1c12'
  for (const status of ['unknown', 'failed']) emit('operation.settled', { ...told, id, status })
  await expect.poll(() => received).toHaveLength(2)
})

test('where there is no Zapier service nothing is told, and nothing fails', async () => {
  const { emit, invalidated } = processAt(undefined)
  emit('operation.settled', told)
  await expect.poll(() => invalidated).toHaveLength(1)
  expect(log.lines.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([])
})

test('where it is away the log says that the news was lost, and everything else goes on', async () => {
  const { emit, invalidated } = processAt(`http://127.0.0.1:${await freePort()}`)
  emit('operation.settled', told)
  expect(invalidated).toHaveLength(1)
  await expect.poll(() => log.lines.map(({ message }) => message)).toContain('Zapier does not hear that an operation ended')
})
