import type { Place } from '#src/kernel/call.ts'
import type { Permissions, RoleGrant } from '#src/permissions/permissions.ts'
import type { ConfiguredPlace } from './configured-place.ts'
import type { Places } from './places.ts'

/** Takes a guild into service with the place and the roles that the variables name. */
export interface Adoption {
  serve(guild: string): Promise<Place>
  /** Where the variables name no guild: the only one that the bot is in, if there is exactly one. Answers the guilds that are served then. */
  serveOnly(guilds: readonly string[]): Promise<readonly string[]>
}

export interface AdoptionParts {
  readonly places: Places
  readonly permissions: Permissions
  readonly configured: ConfiguredPlace
  readonly grants: readonly RoleGrant[]
  /** The same for services. */
  readonly serviceGrants: readonly RoleGrant[]
  /** Set where the variables name the guild. */
  readonly named: string | undefined
}

export function createAdoption({ places, permissions, configured, grants, serviceGrants, named }: AdoptionParts): Adoption {
  const adoption: Adoption = {
    async serve(guild) {
      const place = { guild, project: configured.project, environment: configured.environment }
      await places.serve(place, configured.token)
      await permissions.seed(guild, grants)
      await permissions.nameServices(guild, serviceGrants)
      return place
    },
    async serveOnly(guilds) {
      const [only] = guilds
      if (named === undefined && guilds.length === 1 && only !== undefined) await adoption.serve(only)
      return places.guilds()
    },
  }
  return adoption
}
