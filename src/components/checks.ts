import type { DiscordGateway } from '#src/adapters/discord/discord.ts'
import type { RailwayAccess } from '#src/adapters/railway/railway.ts'
import { sayDuration } from '#src/kernel/arguments/duration.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Check } from './create-components.ts'

/** The gateway session, by its last heartbeat. */
export function discordCheck(gateway: Pick<DiscordGateway, 'ping'>): Check {
  return async () => {
    const ping = gateway.ping()
    if (ping === undefined) throw new Error('the gateway session is not ready')
    return ping < 0 ? 'connected' : `answers in ${sayDuration(ping)}`
  }
}

export interface RailwayChecked {
  readonly place: () => Place | undefined
  readonly access: RailwayAccess
  /** True where the last reading of the place is old because Railway could not be read. */
  readonly isStale: (place: Place) => Promise<boolean>
  /** How often the health cycle reads the place. */
  readonly cadence?: (place: Place) => { readonly everyMs: number; readonly slowed: boolean } | undefined
}

/** Railway, by the last reading of the place (no request of its own), with what is left of the rate budget. */
export function railwayCheck({ place, access, isStale, cadence }: RailwayChecked): Check {
  return async () => {
    const at = place()
    if (!at) return 'no server is served yet'
    if (await isStale(at)) throw new Error('Railway cannot be read')
    const budget = (await access(at)).budget()
    if (!budget) return 'answers'
    const { remaining, limit, resetsAt } = budget
    const left = `${remaining.toLocaleString('en')} of ${limit.toLocaleString('en')} requests left until ${resetsAt.toISOString().slice(11, 16)} UTC`
    const pace = cadence?.(at)
    return pace?.slowed
      ? `${left}; to make them last, health is read only every ${sayDuration(Math.round(pace.everyMs / 1_000) * 1_000)}`
      : left
  }
}
