import { Redis } from 'ioredis'

/** The baseline: subscribes, parses each message, and counts. Sends `{echoed}` when asked. */
const [url = '', channel = ''] = process.argv.slice(2)
const redis = new Redis(url)
let echoed = 0
let levels = 0
redis.on('message', (_channel, text: string) => {
  const { consciousness_level } = JSON.parse(text)
  levels += consciousness_level
  echoed += 1
})
await redis.subscribe(channel)
process.on('message', () => process.send?.({ echoed, levels }))
process.send?.('ready')
