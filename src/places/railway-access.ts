import type { Railway, RailwayAccess } from '#src/adapters/railway/railway.ts'
import type { Places, PlaceToken } from './places.ts'

/** One client for each token, so that its budget, connections and subscriptions are shared by all who use it. */
export function createRailwayAccess(places: Pick<Places, 'token'>, connect: (token: PlaceToken) => Railway) {
  const clients = new Map<string, Railway>()
  const access: RailwayAccess = async (place) => {
    const token = await places.token(place)
    const known = clients.get(token.value)
    if (known) return known
    const client = connect(token)
    clients.set(token.value, client)
    return client
  }
  return { access, close: () => Promise.all([...clients.values()].map((client) => client.close())) }
}
