import { sql } from 'kysely'
import type { Store } from '#src/adapters/store/store.ts'
import type { Place } from '#src/kernel/call.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { Seal } from '#src/secrets/seal.ts'
import type { Places, PlaceToken } from './places.ts'

const PRODUCTION = /^prod(uction)?(-.*)?$/i

export interface PlacesParts {
  readonly store: Store
  readonly seal: Seal
  /** The only guild that is served, where the variables name one. */
  readonly only: string | undefined
}

interface Known {
  readonly place: Place
  readonly token: PlaceToken | undefined
}

/** Reads the places that are kept; the one that the variables name is written by `serve`. One place for each guild. */
export async function createPlaces({ store, seal, only }: PlacesParts): Promise<Places> {
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
      throw new UserError(
        'Helix has no Railway token for this server, so nothing was done. An admin sets RAILWAY_TOKEN or RAILWAY_API_TOKEN.',
      )
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
      const kept = token && token_kind ? { kind: token_kind, value: seal.open(token, about({ guild, project })) } : undefined
      known.set(guild, { place: { guild, project, environment }, token: kept })
    }
  }
}

function about({ guild, project }: Pick<Place, 'guild' | 'project'>): string {
  return `${guild}/${project}`
}
