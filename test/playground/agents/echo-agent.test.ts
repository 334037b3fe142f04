import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { echoProfile, startEchoAgent } from '#playground/agents/echo-agent.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { type RunningOrchestrator, startOrchestrator } from '#test/services/agent-orchestrator/running.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { secrets } from '#test/support/service.ts'

/** One address for the orchestrator, whichever process is behind it: as the edge of Railway is. */
let edge: Server
const sockets = new Set<Socket>()
let service: RunningOrchestrator
let agent: { stop(): Promise<void> }

beforeAll(async () => {
  service = await startOrchestrator()
  edge = createServer((socket) => {
    const behind = connect(Number(new URL(service.url).port), '127.0.0.1')
    for (const each of [socket, behind]) sockets.add(each.on('error', () => each.destroy()))
    behind.on('close', () => socket.destroy())
    socket.pipe(behind).pipe(socket)
  })
  edge.listen(0, '127.0.0.1')
  await once(edge, 'listening')
  const url = `http://127.0.0.1:${(edge.address() as AddressInfo).port}`
  agent = startEchoAgent({ url: () => url, jwtSecret: secrets.JWT_SECRET, clock: systemClock(), log: quietLog() })
})
afterAll(async () => {
  await agent?.stop()
  for (const each of sockets) each.destroy()
  edge?.close()
  await service?.stop()
})

const { agent_id } = echoProfile
/** It hears of nothing while it waits for work, so the service's time goes on. */
const known = () =>
  expect
    .poll(
      async () => {
        await service.clock.turn(5_000)
        return (await service.ask('GET', `/api/agents/${agent_id}`)).status
      },
      { timeout: 9_000 },
    )
    .toBe(200)

async function command(name: string, given: object = {}) {
  await known()
  const body = { command: name, arguments: given, wait_seconds: 10 }
  return (await service.ask('POST', `/api/agents/${agent_id}/command`, body)).body
}

test('it registers by itself, says what it is, and lives', async () => {
  await known()
  expect((await service.ask('GET', `/api/agents/${agent_id}`)).body).toMatchObject({
    agent_id: 'playground-echo',
    role: 'demonstration',
    capabilities: ['echo', 'time', 'fail'],
  })
})

test('it answers what it is asked', async () => {
  expect(await command('echo', { text: 'hello' })).toMatchObject({ status: 'completed', result: { echo: { text: 'hello' } } })
  expect(await command('time')).toMatchObject({ status: 'completed', result: { time: expect.stringMatching(/^20\d\d-/) } })
  expect(await command('fail')).toMatchObject({ status: 'dead', error: 'It failed, as it was asked to.' })
  expect(await command('toString')).toMatchObject({ status: 'dead', error: 'This agent knows echo, time, fail, and not “toString”.' })
})

test('it comes back after the orchestrator restarted, and after somebody deleted it', async () => {
  await command('echo')
  await service.ask('DELETE', `/api/agents/${agent_id}`)
  expect(await command('echo')).toMatchObject({ status: 'completed' })
  const before = service
  await before.app.stop(1_000)
  for (const each of sockets) each.destroy()
  service = await startOrchestrator()
  expect(await command('echo', { text: 'again' })).toMatchObject({ result: { echo: { text: 'again' } } })
  await before.redisServer.stop()
})

test('it stops at once, though it waits for work', async () => {
  await command('echo')
  const before = Date.now()
  await agent.stop()
  expect(Date.now() - before).toBeLessThan(1_000)
})
