import { createRedis } from '#src/adapters/redis/redis.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { createStreams } from '#src/streams/streams.ts'
import { quietLog } from '#test/support/quiet-log.ts'

/** A process that listens to the channels it is told, until it is killed. Says `ready`, then the id of each entry. */
const [url = '', ...channels] = process.argv.slice(2)
const log = quietLog()
const streams = createStreams({ redis: createRedis({ url, log }), clock: systemClock(), log, leaseMs: 300 })
await streams.subscribe(channels, ({ id }) => process.send?.(id))
process.send?.('ready')
