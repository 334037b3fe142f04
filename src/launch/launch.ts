import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Clock } from '#src/kernel/clock.ts'
import { createBotProduct } from './bot-product.ts'
import { keepBotVariables } from './bot-variables-file.ts'
import { checkVariables } from './check-variables.ts'
import { type ChildList, createChildList } from './child-list.ts'
import { claimDataFolder, type DataFolder, type Kind } from './data-folder.ts'
import type { Keeper } from './keeper.ts'
import { createPlaygroundProduct } from './playground-product.ts'
import type { Product } from './product.ts'
import { keepSecrets } from './secrets.ts'
import { createServiceProduct, type ServiceAlone } from './service-product.ts'
import { createStores, type Environment, type Stores } from './stores.ts'

export interface LaunchOptions {
  readonly env: Environment
  /** The folder of the clone. */
  readonly root: URL
  readonly say: (sentence: string) => void
  readonly clock: Clock
  /** One service by itself, in place of the bot or the playground; never in production. */
  readonly service?: ServiceAlone
}

export interface Launch {
  /** Resolves with where to go next, when the product can be used. Throws, with a sentence for a person, where it cannot. */
  start(): Promise<string>
  /** Ends everything in order: the product, then its stores. */
  stop(): Promise<void>
  kill(): void
}

/** Runs the product and, outside production, whatever it needs and was not given: stores, and without a bot token the playground. */
export function createLaunch({ env, root, say, clock, service }: LaunchOptions): Launch {
  const production = env.NODE_ENV === 'production'
  const kind: Kind = service ? `services/${service.name}` : production || env.DISCORD_BOT_TOKEN ? 'bot' : 'playground'
  let data: DataFolder | undefined
  let list: ChildList | undefined
  let stores: Stores | undefined
  let product: Product | undefined
  let preparing: Promise<void> | undefined
  let forget = () => {}

  const keepers = (): Record<string, Keeper> => ({ ...product?.keepers(), ...stores?.keepers })

  function onChange(): void {
    const processes = Object.entries(keepers()).flatMap(([name, keeper]) => {
      const run = keeper.current()
      return run ? [{ name, pid: run.pid }] : []
    })
    list?.write(processes.filter(({ name }) => name !== 'postgres')) // Its own pid file tells, and it is stopped in its own way.
    product?.onChange(processes)
  }

  async function prepare(): Promise<void> {
    const shared = { say, clock, onChange }
    const cached = { NODE_COMPILE_CACHE: fileURLToPath(new URL('.helix/compiled', root)), ...env }
    const bot = new URL('src/bot.ts', root)
    if (production && env.HELIX_EMBEDDED !== '1') {
      // Nothing is provided: the bot names everything that is missing.
      product = createBotProduct({ ...shared, file: bot, env: cached, remember: () => {} })
      return
    }
    const base = env.HELIX_DATA ? resolve(env.HELIX_DATA) : fileURLToPath(new URL('.helix', root))
    data = await claimDataFolder(base, kind)
    list = createChildList(join(data.path, 'children.json'), clock)
    if (data.lock.stale) {
      const left = await list.endLeftovers()
      if (left.length > 0) say(`The last start was killed. What it left running was ended: ${left.join(', ')}.`)
    }
    stores = createStores({
      ...shared,
      env,
      folder: data.path,
      providePostgres: service?.needs.includes('DATABASE_URL') ?? true,
      provideRedis: !production,
      staging: kind === 'playground',
    })
    if (service) {
      // Kept for all of them together: a token is good at each, and they believe each other.
      const secrets = await keepSecrets(join(base, 'services'))
      product = createServiceProduct({ ...shared, ...service, root, env: cached, secrets, folder: join(base, 'services') })
      return
    }
    const secrets = production ? {} : await keepSecrets(data.path)
    const variables = { ...secrets, ...cached }
    const known = keepBotVariables(data.path)
    const remember = (given: Environment) => known.write({ ...secrets, ...given })
    forget = known.remove
    product =
      kind === 'bot'
        ? createBotProduct({ ...shared, file: bot, env: variables, remember })
        : createPlaygroundProduct({
            ...shared,
            keepers,
            bot,
            file: new URL('playground/main.ts', root),
            env: { ...variables, HELIX_PLAYGROUND_DATA: data.path },
            botLog: join(data.path, 'bot.log'),
            remember,
          })
  }

  return {
    async start() {
      if (kind === 'playground') checkVariables(env)
      preparing = prepare()
      await preparing
      const provided = stores?.start() ?? Promise.resolve({})
      const [where] = await Promise.all([product!.start(provided), provided])
      return where
    },
    async stop() {
      await preparing?.catch(() => {}) // Told by `start`.
      await product?.stop()
      await stores?.stop()
      list?.remove()
      forget()
      await data?.lock.release()
    },
    kill() {
      for (const keeper of Object.values(keepers())) keeper.kill()
    },
  }
}
