import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { channels } from '#src/kernel/channels.ts'
import { redisServer } from '#test/support/redis.ts'
import { call, type EchoStage, echoStage } from './stage.ts'

vi.setConfig({ testTimeout: 90_000 })

const bound = [channels.agentEvents, channels.zapierEvents, channels.serviceHealth, channels.consciousness, channels.voiceEvents]
let stage: EchoStage
beforeEach(async () => {
  stage = await echoStage()
})
afterEach(() => stage.stop())

async function bot() {
  const started = await stage.bot()
  for (const stream of bound) await stage.echoes.bind(call, { stream, channel: 'c', mode: 'changes' })
  for (const stream of bound) await stage.eventually(async () => expect(await stage.redis.exists(`helix:reader:${stream}`)).toBe(1))
  await stage.eventually(() => expect(stage.texts()).toHaveLength(bound.length))
  return started
}
/** Messages beside the scoreboards. */
const told = () => stage.texts().filter((text) => /^(A change|Changes) on /.test(text))

/** When changes were told last, by the clock. */
const toldAt = async () =>
  Math.max(...(await stage.store.db.selectFrom('echo_bindings').select('shown').execute()).map(({ shown }) => shown.toldAt))

test('changes of all streams of a channel are told in one message, at most one in 20 s', async () => {
  const { streams } = await bot()
  const [first, ...rest] = bound
  await streams.publish(first!, { type: 'backup_failed', n: 1 })
  await stage.eventually(() => expect(told()).toHaveLength(1))
  const before = await toldAt()
  for (const stream of rest) await streams.publish(stream, { type: 'backup_failed', n: 2 })
  await stage.eventually(() => expect(told()).toHaveLength(2))
  expect(told()[1]).toMatch(/^Changes on 4 streams\n4 changes on 4 streams\. The newest: [\s\S]* UTC · zapier_events: /)
  expect((await toldAt()) - before).toBeGreaterThanOrEqual(20_000)
})

test('an outage of Redis is told once in a channel, with the streams that it kept away', async () => {
  await bot()
  const { port } = new URL(stage.server.url)
  await stage.server.stop()
  await stage.eventually(() =>
    expect(stage.texts().filter((text) => text.includes('Redis cannot be reached since'))).toHaveLength(bound.length),
  )
  const again = await redisServer({ port: Number(port) })
  try {
    await stage.eventually(() => expect(told().join('\n')).toMatch(/Redis was out of reach for [^:]*: /))
    await stage.eventually(() => expect(stage.texts().join('\n')).not.toContain('Redis cannot be reached since'))
    const said = told().filter((text) => text.includes('Redis was out of reach'))
    expect(said).toHaveLength(1)
    for (const stream of bound) expect(said[0]).toContain(stream)
    await stage.stop()
  } finally {
    await again.stop()
  }
})
