import { sql } from 'kysely'
import type { Store } from '#src/adapters/store/store.ts'
import type { Place } from '#src/kernel/call.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Seal } from '#src/secrets/seal.ts'
import type { Places, PlaceToken } from './places.ts'

const PRODUCTION = /^prod(uction)?(-.*)?$/i

const noToken = 'Helix has no Railway token for this server, so nothing was done. An admin sets RAILWAY_TOKEN or RAILWAY_API_TOKEN.'
const sealedElsewhere =
  'The Railway token that Helix kept for this server cannot be opened with this HELIX_SECRET_KEY, so nothing was done. An admin sets the key that ' +
  'it had before, or DISCORD_GUILD_ID to this server and RAILWAY_TOKEN or RAILWAY_API_TOKEN anew, and starts Helix again.'

export interface PlacesParts {
  readonly store: Store
  readonly seal: Seal
  readonly log: Log
  /** The only guild that is served, where the variables name one. */
  readonly only: string | undefined
}

interface Known {
  readonly place: Place
  readonly token: PlaceToken | undefined
  /** It has a token, sealed with another key. */
  readonly sealed?: true
}

/** Reads the places that are kept; the one that the variables name is written by `serve`. One place for each guild. */
export async function createPlaces({ store, seal, log, only }: PlacesParts): Promise<Places> {
  const known = new Map<string, Known>()
  await read()
  return {
    of: (guild) => known.get(guild)?.place,
    isProduction: ({ name }) => PRODUCTION.test(name),
    guilds: () => [...known.keys()],
    async token(place) {
      // Another process may serve it since.
      if (!tokenOf(place)) await read()
      const token = tokenOf(place)
      if (token) return token
      throw new UserError(known.get(place.guild)?.sealed ? sealedElsewhere : noToken)
    },
    async serve(place, token) {
      const { guild } = place
      const row = { ...place, token: seal.seal(token.value, about(place)), token_kind: token.kind, updated_at: new Date() }
      await store.db.transaction().execute(async (tx) => {
        // Two processes that start at the same moment take turns.
        await sql`SELECT pg_advisory_xact_lock(hashtext('places'))`.execute(tx)
        await tx.deleteFrom('places').where('guild', '=', guild).execute()
        await tx.insertInto('places').values(row).execute()
      })
      known.set(guild, { place, token })
    },
  }

  function tokenOf({ guild, project }: Pick<Place, 'guild' | 'project'>): PlaceToken | undefined {
    const found = known.get(guild)
    return found?.place.project === project ? found.token : undefined
  }

  async function read(): Promise<void> {
    const rows = await store.db.selectFrom('places').selectAll().execute()
    for (const { guild, project, environment, token, token_kind } of rows.filter((row) => only === undefined || row.guild === only)) {
      const place = { guild, project, environment }
      if (!token || !token_kind) known.set(guild, { place, token: undefined })
      else known.set(guild, { place, ...opened(token, token_kind, place) })
    }
  }

  /** A token that another HELIX_SECRET_KEY sealed counts as none: the variables may name it again. */
  function opened(sealed: string, kind: PlaceToken['kind'], { guild, project }: Place): Pick<Known, 'token' | 'sealed'> {
    try {
      return { token: { kind, value: seal.open(sealed, about({ guild, project })) } }
    } catch {
      if (!known.get(guild)?.sealed) log.warn({ guild, project }, 'a kept Railway token cannot be opened with this HELIX_SECRET_KEY')
      return { token: undefined, sealed: true }
    }
  }
}

function about({ guild, project }: Pick<Place, 'guild' | 'project'>): string {
  return `${guild}/${project}`
}
