import { createDiscordMessages } from '../src/adapters/discord/messages.ts'
import { createRedis } from '../src/adapters/redis/redis.ts'
import { createStore } from '../src/adapters/store/create-store.ts'
import { createDelivery } from '../src/delivery/create-delivery.ts'
import { renderReport } from '../src/doors/render/render-report.ts'
import { createEchoes } from '../src/echoes/create-echoes.ts'
import { createEchoWorker } from '../src/echoes/echo-worker.ts'
import type { Call } from '../src/kernel/call.ts'
import { systemClock } from '../src/kernel/clock.ts'
import type { Log } from '../src/kernel/log.ts'
import type { Report } from '../src/kernel/report.ts'
import { createStreams } from '../src/streams/streams.ts'

/**
 * The part of the bot that is measured, by itself: the stream bound to channels of one guild, read, written down, and delivered over REST. Asked,
 * it answers what `/stream list` shows.
 */
const [redisUrl = '', databaseUrl = '', discordUrl = '', stream = '', ...channels] = process.argv.slice(2)
const silent: Log = { debug() {}, info() {}, warn() {}, error: (fields, text) => console.error(text, fields), child: () => silent }
const [clock, log] = [systemClock(), silent]
const store = createStore({ url: databaseUrl, poolSize: 4, log })
await store.migrate()
const redis = createRedis({ url: redisUrl, log })
const streams = createStreams({ redis, clock, log })
const messages = createDiscordMessages({ token: 'a token that is used by benchmarks alone', apiUrl: discordUrl, log })
const render = (report: Report) => renderReport(report, { customId: async () => 'x' })
const delivery = createDelivery({ store, messages, render, clock, log })
const names = async () => ({ channel: (typed: string) => typed, channelName: (id: string) => id, hasChannel: () => true })
const echoes = createEchoes({ store, delivery, names, clock })
const place = { guild: '1', project: 'p', environment: 'e' }
const call: Call = { key: 'k', command: 'stream.bind', raw: {}, actor: { kind: 'member', id: '1', name: 'bench' }, door: 'slash', place }
for (const channel of channels) await echoes.bind(call, { stream, channel, mode: 'digest' })
await delivery.start()
const worker = createEchoWorker({ store, redis, streams, delivery, clock, log })
await worker.start()
process.on('message', async () => {
  const [first] = await echoes.list(place)
  globalThis.gc?.()
  process.send?.({ echoed: first?.echoed, lost: first?.lost, alive: process.memoryUsage().heapUsed / 1_048_576 })
})
process.on('SIGTERM', async () => {
  await worker.stop()
  await delivery.stop()
  await Promise.all([streams.close(), redis.close(), store.close()])
  process.exit(0)
})
process.send?.('ready')
