import type { Place } from '#src/kernel/call.ts'
import type { Places } from './places.ts'

const PRODUCTION = /^prod(uction)?(-.*)?$/i

/** Places known at the start: for now the one that the variables name. */
export function createPlaces(known: readonly Place[]): Places {
  const byGuild = new Map(known.map((place) => [place.guild, place]))
  return {
    of: (guild) => byGuild.get(guild),
    isProduction: ({ name }) => PRODUCTION.test(name),
    guilds: () => [...byGuild.keys()],
  }
}
