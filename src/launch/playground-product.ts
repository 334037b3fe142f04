import { closeSync, openSync } from 'node:fs'
import type { Clock } from '#src/kernel/clock.ts'
import { freePort } from './free-port.ts'
import { createKeeper, type Keeper } from './keeper.ts'
import { isHealthy, isOpened, type Opened } from './messages.ts'
import { type NodeProcess, startNode } from './node-process.ts'
import { answerProcessFault } from './process-faults.ts'
import type { Product } from './product.ts'
import type { Environment } from './stores.ts'

export interface PlaygroundProductOptions {
  readonly file: URL
  readonly bot: URL
  readonly env: Environment
  /** Takes what the bot prints: the terminal is for sentences. */
  readonly botLog: string
  readonly say: (sentence: string) => void
  readonly clock: Clock
  readonly onChange: () => void
  /** Takes what the bot gets beside the environment. */
  readonly remember: (given: Environment) => void
  /** Every process by name that the page may stop and start. */
  keepers(): Readonly<Record<string, Keeper>>
}

const lateMs = 8_000

/** The emulated vendors in one process, and the untouched bot beside it, pointed at them. */
export function createPlaygroundProduct(options: PlaygroundProductOptions): Product {
  const { file, env, say, clock, onChange } = options
  const shared = { say, clock, onChange }
  const opened = Promise.withResolvers<Opened>()
  const healthy = Promise.withResolvers<void>()
  // Real vendors' keys stay out of the playground, and two bots cannot share a port.
  const { RAILWAY_TOKEN: _token, PORT: _port, ...ownEnv } = env
  const botPort = freePort()
  let stores: Environment = {}
  let address: Environment | undefined
  let botEnv: Environment = {}
  let botStarted = false
  let stopped = false

  const playground = createKeeper<NodeProcess>({
    ...shared,
    name: 'The playground',
    // Once it has a port it keeps that: the page is open there, and the bot knows it.
    run: async () => {
      const bot = { HELIX_BOT_URL: `http://127.0.0.1:${await botPort}` }
      return startNode({ file, env: { ...env, ...bot, ...stores, ...address }, onMessage: heard, graceMs: 20_000 })
    },
  })
  const bots = env.PLAYGROUND_SPLIT === '1' ? { gateway: keepBot('gateway'), worker: keepBot('worker') } : { bot: keepBot('all') }

  function keepBot(role: 'all' | 'gateway' | 'worker'): Keeper {
    const run = async () => {
      // A worker has nothing that services ask for.
      const port = role === 'worker' ? {} : { PORT: String(await botPort) }
      const output = openSync(options.botLog, 'a')
      const process = startNode({ file: options.bot, env: { ...ownEnv, ...botEnv, ...port, HELIX_ROLE: role, ...stores }, output })
      closeSync(output) // The child has its own.
      return process
    }
    return createKeeper({ ...shared, name: role === 'all' ? 'The bot' : `The bot's ${role}`, run })
  }

  function heard(message: unknown): void {
    if (isOpened(message)) {
      address = { PLAYGROUND_PORT: new URL(message.url).port }
      botEnv = message.bot
      opened.resolve(message)
      if (botStarted) tellBotStarted() // A later life of the playground: the bot is there already.
    } else if (isHealthy(message)) healthy.resolve()
    else void answerProcessFault(message, options.keepers(), (answer) => playground.current()?.send(answer))
  }

  function tellBotStarted(): void {
    playground.current()?.send({ botStarted: true })
  }

  return {
    keepers: () => ({ playground, ...bots }),
    async start(provided) {
      closeSync(openSync(options.botLog, 'w'))
      const startBots = async () => {
        stores = await provided
        playground.current()?.send({ stores })
        await opened.promise
        // The word that it is open may be on its way while everything is being stopped: nobody would stop the bot any more.
        if (stopped) throw new Error('stopped before the bot was started')
        options.remember({ ...botEnv, ...stores })
        await Promise.all(Object.values(bots).map((bot) => bot.start()))
        botStarted = true
        tellBotStarted()
      }
      await Promise.all([playground.start(), startBots()])
      const { url } = await opened.promise
      const late = setTimeout(() => say(`The page is open already: ${url}. Not all services of production answer yet.`), lateMs)
      await healthy.promise
      clearTimeout(late)
      return `open ${url}`
    },
    async stop() {
      stopped = true
      await Promise.all(Object.values(bots).map((bot) => bot.stop()))
      await playground.stop()
    },
    onChange: (processes) => playground.current()?.send({ processes }),
  }
}
