import type { Launcher } from './launcher.ts'
import type { SeedOptions } from './railway/seed.ts'

/** What every environment's services share, where it is given: its stores, and the secrets that the launcher keeps. */
const shared = ['DATABASE_URL', 'REDIS_URL', 'JWT_SECRET', 'SERVICE_MESH_SECRET', 'ZAPIER_SECRET'] as const
const stores = ['DATABASE_URL', 'REDIS_URL'] as const

/**
 * What the project's services refer to: the stores, from the environment or from the launcher, and secrets. Staging has stores of its own
 * where the launcher provides them, as at Railway.
 */
export async function sharedVariables(
  env: Readonly<Record<string, string | undefined>>,
  launcher: Pick<Launcher, 'stores'>,
): Promise<Required<Pick<SeedOptions, 'baseEnv' | 'ownEnv'>>> {
  const given = env.DATABASE_URL && env.REDIS_URL ? {} : await launcher.stores()
  const all: Readonly<Record<string, string | undefined>> = { ...env, ...given }
  return {
    baseEnv: present(shared.map((name) => [name, all[name]])),
    // Staging has no bot: what it hears of must not act in production.
    ownEnv: {
      production: present([['HELIX_BOT_URL', all.HELIX_BOT_URL]]),
      staging: present(stores.map((name) => [name, all[`STAGING_${name}`]])),
    },
  }
}

/** Each environment's Redis, by its name, where it has one. */
export function redisOf({ baseEnv, ownEnv }: Awaited<ReturnType<typeof sharedVariables>>): Readonly<Record<string, string>> {
  return present(Object.entries(ownEnv).map(([environment, own]) => [environment, own.REDIS_URL ?? baseEnv.REDIS_URL]))
}

function present(entries: readonly (readonly [string, string | undefined])[]): Record<string, string> {
  return Object.fromEntries(entries.flatMap(([name, value]) => (value ? [[name, value]] : [])))
}
