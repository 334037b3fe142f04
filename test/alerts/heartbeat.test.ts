import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createHeartbeat, heartbeatDefaults } from '#src/alerts/heartbeat.ts'
import { handClock } from '#test/playground/discord/hand-clock.ts'
import { quietLog } from '#test/support/quiet-log.ts'

let server: Server
let asked: string[]
let status: number
beforeEach(async () => {
  asked = []
  status = 200
  server = createServer((request, answer) => {
    asked.push(`${request.method} ${request.url}`)
    answer.writeHead(status).end('OK')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

test('is asked every minute while Helix watches; that nobody takes it is logged once, and never with its address', async () => {
  const clock = handClock()
  const log = quietLog()
  let isWell = false
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ping/very-secret`
  const heartbeat = createHeartbeat({ url, beats: () => isWell, clock, log })
  heartbeat.start()
  await clock.slept(heartbeatDefaults.retryMs)
  expect(asked).toEqual([])
  isWell = true
  await clock.turn(heartbeatDefaults.retryMs)
  await clock.slept(heartbeatDefaults.everyMs)
  expect(asked).toEqual(['GET /ping/very-secret'])
  status = 500
  await clock.turn(heartbeatDefaults.everyMs)
  await clock.slept(heartbeatDefaults.retryMs)
  await clock.turn(heartbeatDefaults.retryMs)
  await clock.slept(heartbeatDefaults.retryMs)
  status = 200
  await clock.turn(heartbeatDefaults.retryMs)
  await clock.slept(heartbeatDefaults.everyMs)
  await heartbeat.stop()
  expect(asked).toHaveLength(4)
  expect(log.lines.map(({ message }) => message)).toEqual(['the heartbeat is not taken', 'the heartbeat is taken again'])
  expect(JSON.stringify(log.lines)).not.toContain('very-secret')
})
