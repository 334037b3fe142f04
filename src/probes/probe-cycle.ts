import type { EnvironmentState } from '#src/adapters/railway/railway.ts'
import type { Environments } from '#src/environments/environments.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import type { Places } from '#src/places/places.ts'
import type { Probes } from './probe.ts'
import { wakesNothing } from './wakes-nothing.ts'

export interface ProbeCycleParts {
  readonly probes: Pick<Probes, 'run'>
  readonly environments: Pick<Environments, 'state'>
  readonly places: Pick<Places, 'guilds' | 'of'>
  /** The environment that private names lead to: the bot's own. */
  readonly home: string
}

/** One turn of the health cycle: probes what Railway's last word lets be asked. Costs Railway no request where it was read just before. */
export function createProbeCycle({ probes, environments, places, home }: ProbeCycleParts): () => Promise<void> {
  return async () => {
    const known = await Promise.all(places.guilds().map(lastState))
    await probes.run(
      wakesNothing(
        known.filter((state) => state !== undefined),
        home,
      ),
    )
  }

  /** However old: what may sleep is a setting that seldom changes. Undefined where Railway was never read. */
  async function lastState(guild: string): Promise<EnvironmentState | undefined> {
    try {
      return (await environments.state(places.of(guild)!, Number.POSITIVE_INFINITY)).state
    } catch (error) {
      if (error instanceof UpstreamError) return undefined
      throw error
    }
  }
}
