import type { DiscordInspection } from './adapters/discord/discord.ts'
import { createReadRoles, type RolesParts } from './adapters/discord/roles.ts'
import type { Store } from './adapters/store/store.ts'
import type { Delivery } from './delivery/delivery.ts'
import { createPosts } from './delivery/posts.ts'
import { createIncidents } from './incidents/create-incidents.ts'
import { createReadGuildNames } from './incidents/guild-names.ts'
import { createAlertRoutes } from './incidents/routes.ts'
import { actorName } from './kernel/call.ts'
import type { Clock } from './kernel/clock.ts'
import type { Directory } from './kernel/directory.ts'
import type { Log } from './kernel/log.ts'
import type { Logs } from './logs/logs.ts'
import type { Operation } from './operations/operation.ts'

export interface IncidentsGiven {
  readonly store: Store
  readonly delivery: Delivery
  readonly inspection: DiscordInspection
  readonly discordAt: RolesParts
  readonly directory: Directory
  readonly logs: Logs
  readonly clock: Clock
  readonly log: Log
}

/** Incidents, where they are told, and whether they can be. */
export function assembleIncidents(given: IncidentsGiven) {
  const alertRoutes = createAlertRoutes({ ...given, names: createReadGuildNames({ ...given, roles: createReadRoles(given.discordAt) }) })
  const incidents = createIncidents({ ...given, routes: alertRoutes })
  return {
    capabilities: { alertRoutes, incidents, posts: createPosts(given) },
    /** A change began. Never throws: it goes on whether it can be noted or not. */
    began({ id, place, change, actor, sentence }: Operation): void {
      const told = {
        place,
        service: change.service.id,
        operation: id,
        stage: 'began',
        sentence: `${actorName(actor)} began this: ${sentence}`,
      }
      incidents.operation(told).catch((err: unknown) => given.log.warn({ err, operation: id }, 'an incident does not tell of an operation'))
    },
  }
}
