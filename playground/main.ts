import { join } from 'node:path'
import { pino } from 'pino'
import { systemClock } from '#src/kernel/clock.ts'
import { ConfigError } from '#src/kernel/errors.ts'
import { createLauncher } from './launcher.ts'
import { openPlayground, type Playground } from './playground.ts'

// A process of its own, started by the launcher (`npm start`), which provides the stores and runs the bot beside it.
const data = process.env.HELIX_PLAYGROUND_DATA
if (!data || !process.send) {
  console.error('The playground is started with `npm start`.')
  process.exit(1)
}
process.channel?.ref() // Until it listens, the launcher's next message is all that it lives for.
const launcher = createLauncher(process)
const log = pino(
  { level: process.env.LOG_LEVEL || 'info' },
  pino.destination({ dest: join(data, 'playground.log'), append: false, sync: true }),
)
const say = (sentence: string) => console.log(sentence)
let playground: Playground | undefined
let stopping = false

process.on('SIGTERM', () => {
  if (stopping) process.exit(1) // Asked again: the services end with this process.
  stopping = true
  if (!playground) process.exit(0)
  void playground.close().then(
    () => process.exit(0),
    (error: Error) => fail(error),
  )
})

function fail(error: unknown): never {
  console.error(error instanceof ConfigError ? error.message : `The playground stopped: ${(error as Error).stack}`)
  process.exit(1)
}

try {
  playground = await openPlayground({
    env: process.env,
    root: new URL('..', import.meta.url),
    data,
    launcher,
    clock: systemClock(),
    log,
    say,
  })
  launcher.tell({ ready: true, url: playground.url, bot: playground.bot })
  await playground.healthy.catch((error: Error) => say(`Not every service of production is well: ${error.message}.`))
  launcher.tell({ healthy: true })
} catch (error) {
  if (!stopping) fail(error)
}
