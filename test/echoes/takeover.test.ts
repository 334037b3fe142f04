import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { channels } from '#src/kernel/channels.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { call, type EchoStage, echoStage } from './stage.ts'

const stream = channels.agentEvents
vi.setConfig({ testTimeout: 90_000 })

let stage: EchoStage
const endings: (() => unknown)[] = []
beforeEach(async () => {
  stage = await echoStage({ clock: systemClock() })
  await stage.echoes.bind(call, { stream, channel: 'c', mode: 'scoreboard' })
})
afterEach(async () => {
  for (const end of endings.splice(0)) await end()
  await stage.stop()
})

async function process() {
  const child = fork(fileURLToPath(new URL('echo-process.ts', import.meta.url)), [stage.databaseUrl, stage.server.url], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  endings.push(() => child.kill('SIGKILL'))
  expect((await once(child, 'message'))[0]).toBe('ready')
  return child
}
const reader = () => stage.redis.get(`helix:reader:${stream}`)
const figures = async () => {
  const [binding] = await stage.echoes.list({ guild: '1' })
  return { echoed: binding!.echoed, lost: binding!.lost }
}
const pending = async () => ((await stage.redis.xpending(`helix:stream:${stream}`, 'helix-echoes')) as [number])[0]

async function publish(from: number, to: number): Promise<void> {
  const { streams } = await publisher
  for (let n = from; n < to; n += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, at) => streams.publish(stream, { event: 'agent_updated', agent_id: `a${n + at}` })))
  }
}
let publisher: ReturnType<EchoStage['publisher']>
beforeEach(() => {
  publisher = stage.publisher()
})

test.each(['SIGKILL', 'SIGSTOP'] as const)(
  'the process that reads is ended by %s under load: another goes on, and each message is counted once',
  async (signal) => {
    const first = await process()
    await stage.eventually(async () => expect(await reader()).not.toBeNull())
    const firstReader = await reader()
    await process()
    await publish(0, 2_000)
    first.kill(signal)
    await publish(2_000, 4_000)
    await stage.eventually(async () => expect(await reader()).not.toBe(firstReader))
    first.kill('SIGCONT')
    await publish(4_000, 5_000)
    await stage.eventually(async () => expect(await figures()).toEqual({ echoed: 5_000, lost: 0 }))
    await stage.eventually(async () => expect(await pending()).toBe(0))
  },
)

test('nothing is acknowledged before PostgreSQL has it, and all of it when PostgreSQL takes it again', async () => {
  await stage.bot()
  await stage.eventually(async () => expect(await reader()).not.toBeNull())
  await publish(0, 100)
  await stage.eventually(async () => expect(await figures()).toEqual({ echoed: 100, lost: 0 }))
  await stage.eventually(async () => expect(await pending()).toBe(0))
  await stage.store.db.transaction().execute(async (tx) => {
    await sql`LOCK TABLE echo_streams IN SHARE MODE`.execute(tx)
    await publish(100, 200)
    await stage.eventually(async () => expect(await pending()).toBe(100))
    expect(await figures()).toEqual({ echoed: 100, lost: 0 })
  })
  await stage.eventually(async () => expect(await figures()).toEqual({ echoed: 200, lost: 0 }))
  await stage.eventually(async () => expect(await pending()).toBe(0))
})

test('a Redis that lost its memory is a gap, and what it gets then is shown', async () => {
  await stage.bot()
  await stage.eventually(async () => expect(await reader()).not.toBeNull())
  await publish(0, 100)
  await stage.eventually(async () => expect(await figures()).toEqual({ echoed: 100, lost: 0 }))
  await stage.eventually(async () => expect(await pending()).toBe(0))
  await stage.redis.flushall()
  await publish(0, 50)
  await stage.eventually(async () => expect(await figures()).toEqual({ echoed: 150, lost: 0 }))
  await stage.eventually(() => expect(stage.texts()[0]).toContain('1 gap is of unknown size.'))
})
