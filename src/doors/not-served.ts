import type { Place } from '#src/kernel/call.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { Places } from '#src/places/places.ts'

/** The place of an interaction. Throws UserError in direct messages and on servers that this installation does not serve. */
export function servedPlace(places: Places, guild: string | undefined): Place {
  if (guild === undefined) throw new UserError('Helix works in a server, not in direct messages. Nothing was done.')
  const place = places.of(guild)
  if (place) return place
  throw new UserError(
    'This Helix does not serve this server, so nothing was done. Whoever runs it names the server with the variable DISCORD_GUILD_ID.',
  )
}
