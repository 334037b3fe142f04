import type { Clock } from '#src/kernel/clock.ts'
import { createKeeper, defaultPatience } from './keeper.ts'
import { startNode } from './node-process.ts'
import type { Product } from './product.ts'
import type { Environment } from './stores.ts'

export interface BotProductOptions {
  readonly file: URL
  readonly env: Environment
  readonly say: (sentence: string) => void
  readonly clock: Clock
  readonly onChange: () => void
  /** Takes what the bot gets beside the environment. */
  readonly remember: (given: Environment) => void
}

/** Discord counts the starts of a bot, and takes the token of one that starts 1,000 times a day. */
const patience = { ...defaultPatience, mostMs: 120_000 }

/** The bot by itself, at the vendors that its variables name. */
export function createBotProduct({ file, env, remember, ...shared }: BotProductOptions): Product {
  let variables = env
  const bot = createKeeper({ ...shared, name: 'The bot', patience, run: async () => startNode({ file, env: variables }) })
  return {
    keepers: () => ({ bot }),
    async start(stores) {
      const given = await stores
      remember(given)
      variables = { ...env, ...given }
      await bot.start()
      return 'it listens at Discord'
    },
    stop: bot.stop,
    onChange() {},
  }
}
