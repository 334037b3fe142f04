import type { Clock } from '#src/kernel/clock.ts'
import { createKeeper } from './keeper.ts'
import { isListening } from './messages.ts'
import { type NodeProcess, startNode } from './node-process.ts'
import type { Product } from './product.ts'
import type { Secrets } from './secrets.ts'
import type { Environment } from './stores.ts'

/** A service to run by itself. */
export interface ServiceAlone {
  /** As in the folder's name. */
  readonly name: string
  /** The variables that it reads. */
  readonly needs: readonly string[]
  /** What a person may do now, said once it listens. */
  invite(url: string, jwtSecret: string): Promise<string>
}

export interface ServiceProductOptions extends ServiceAlone {
  readonly root: URL
  readonly env: Environment
  /** For those that the environment does not give. */
  readonly secrets: Secrets
  /** Where they are kept. */
  readonly folder: string
  readonly say: (sentence: string) => void
  readonly clock: Clock
  readonly onChange: () => void
}

/** One of services/, with what it needs and was not given. */
export function createServiceProduct(options: ServiceProductOptions): Product {
  const { name, needs, root, env, secrets, folder, say, clock, onChange, invite } = options
  const made = (['JWT_SECRET', 'SERVICE_MESH_SECRET', 'ZAPIER_SECRET'] as const).filter((each) => needs.includes(each) && !env[each])
  const own = Object.fromEntries(made.map((each) => [each, secrets[each]]))
  const listening = Promise.withResolvers<number>()
  let stores: Environment = {}

  const service = createKeeper<NodeProcess>({
    name: `The ${name}`,
    say,
    clock,
    onChange,
    run: async () =>
      startNode({
        file: new URL(`services/${name}/main.ts`, root),
        env: { ...env, ...own, ...stores },
        onMessage: (message) => isListening(message) && listening.resolve(message.port),
      }),
  })

  return {
    keepers: () => ({ [name]: service }),
    async start(provided) {
      for (const each of made) say(`${each}: made by itself and kept in ${folder}/secrets.json (it is not set).`)
      stores = await provided
      await service.start()
      const url = `http://127.0.0.1:${await listening.promise}`
      return `${name} listens at ${url}\n${await invite(url, env.JWT_SECRET || secrets.JWT_SECRET)}`
    },
    stop: service.stop,
    onChange() {},
  }
}
