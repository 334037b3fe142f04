import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type AlertStage, alertStage } from './stage.ts'

let stage: AlertStage
let server: Server
let asked: string[]
beforeEach(async () => {
  asked = []
  server = createServer((request, answer) => {
    asked.push(request.url ?? '')
    answer.end('OK')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  stage = await alertStage()
})
afterEach(async () => {
  await stage.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})
const url = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${path}`

/** Turns the clock on until it is so. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    await stage.clock.turn(1_000)
    await new Promise(setImmediate)
  }
}

test('of several processes the one that decides tells that Helix watches, and the next one once it does', async () => {
  let decides = 'one'
  stage.read([])
  for (const name of ['one', 'other'] as const)
    await stage.begin(stage.process(stage[name], { heartbeatUrl: url(name), decides: () => decides === name }))
  await until(() => asked.length >= 3)
  expect(new Set(asked)).toEqual(new Set(['/one']))
  decides = 'other'
  await until(() => asked.at(-1) === '/other')
})
