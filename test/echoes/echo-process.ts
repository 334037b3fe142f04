import { createRedis } from '#src/adapters/redis/redis.ts'
import { createStore } from '#src/adapters/store/create-store.ts'
import { createDelivery } from '#src/delivery/create-delivery.ts'
import { createEchoWorker } from '#src/echoes/echo-worker.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { createStreams } from '#src/streams/streams.ts'
import { discordDouble } from '#test/delivery/discord-double.ts'
import { quietLog } from '#test/support/quiet-log.ts'

/** A bot that only reads streams: what it shows is delivered by whoever does that. */
const [postgresUrl = '', redisUrl = ''] = process.argv.slice(2)
const [clock, log] = [systemClock(), quietLog()]
const store = createStore({ url: postgresUrl, poolSize: 4, log })
const redis = createRedis({ url: redisUrl, log })
const streams = createStreams({ redis, clock, log, leaseMs: 300 })
const render = async () => ({ content: '', embeds: [], components: [] })
const delivery = createDelivery({ store, messages: discordDouble(), clock, log, render })
await createEchoWorker({ store, redis, streams, delivery, clock, log, leaseMs: 2_000 }).start()
process.send?.('ready')
