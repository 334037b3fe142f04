import { replica } from './stage.ts'

/* A replica in a process of its own, to be killed: tells its parent when it decides. */
const [databaseUrl = '', redisUrl = ''] = process.argv.slice(2)
const one = replica({ databaseUrl, redisUrl, deps: { leaseMs: 1_500 }, atEnd: () => {} })
await one.signals.start()
await one.until(() => one.signals.decides() && one.told.length > 0)
process.send?.('decides')
