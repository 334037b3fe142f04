import type { Selectable } from 'kysely'
import type { Database } from '#src/adapters/store/schema.ts'
import type { Store } from '#src/adapters/store/store.ts'
import { actorName, type Call, type Place } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { EnvironmentRef, ServiceRef } from '#src/kernel/directory.ts'
import { UserError } from '#src/kernel/errors.ts'
import { type DescribedRoute, describeRoute } from './describe-route.ts'
import type { GuildNames, ReadGuildNames } from './guild-names.ts'
import { type Route, worse } from './incident.ts'
import { type Severity, severities } from './incidents.ts'
import { nextNumber } from './opening.ts'
import { readChain, readQuietHours, readRoles } from './route-words.ts'
import type { Reader } from './rows.ts'

/** A route as it is kept, with what it is for. */
export interface SetRoute extends Route {
  readonly number: number
  readonly channel: string
  /** The least. */
  readonly severity: Severity
  /** Undefined: any. */
  readonly service: ServiceRef | undefined
  readonly environment: EnvironmentRef | undefined
  readonly addedBy: string
}

/** A route as somebody writes it: channels and roles by name, id or mention. */
export interface WrittenRoute {
  readonly channel: string
  readonly severity: Severity
  readonly service: ServiceRef | undefined
  readonly environment: EnvironmentRef | undefined
  /** `@oncall @leads` */
  readonly roles: string | undefined
  /** `22:00-07:00` */
  readonly quiet: string | undefined
  /** `Europe/Berlin` */
  readonly zone: string
  /** `15m @oncall, 30m #leads @leads` */
  readonly escalate: string | undefined
}

export interface AddedRoute {
  readonly route: SetRoute
  /** Names of roles that Discord notifies nobody of when Helix mentions them. */
  readonly unheard: readonly string[]
}

/** Where which incidents are told, and who is called. Of several that fit, the one that says most about the incident counts. */
export interface AlertRoutes {
  /** For an incident of that severity; where none is set, the server's system channel, and nobody is called. */
  match(db: Reader, place: Place, severity: Severity, service: string | undefined): Promise<Route>
  /** Throws UserError where it cannot be read, names what is not there or may not be used, or is one too many. */
  add(call: Call, written: WrittenRoute): Promise<AddedRoute>
  /** Throws UserError where there is none of that number. */
  remove(place: Place, number: number): Promise<SetRoute>
  list(place: Place): Promise<readonly SetRoute[]>
  /** The same in words, with channels and roles by name. */
  described(place: Place): Promise<readonly DescribedRoute[]>
}

const most = 50
/** A route with no number: the server's system channel. */
const otherwise: Route = { number: undefined, channel: undefined, roles: [], quiet: undefined, chain: [] }

export interface AlertRoutesParts {
  readonly store: Store
  readonly names: ReadGuildNames
  readonly clock: Clock
}

export function createAlertRoutes({ store, names, clock }: AlertRoutesParts): AlertRoutes {
  return {
    async match(db, place, severity, service) {
      const fitting = (await read(db, place)).filter(
        (route) =>
          worse(severity, route.severity) >= 0 &&
          (!route.service || route.service.id === service) &&
          (!route.environment || route.environment.id === place.environment),
      )
      const [best] = fitting.toSorted((one, other) => saysMore(other) - saysMore(one) || other.number - one.number)
      if (!best) return otherwise
      const { number, channel, roles, quiet, chain, names: called = {} } = best
      return { number, channel, roles, quiet, chain, names: called }
    },
    async add(call, written) {
      const { route, unheard } = understood(written, await names(call.place.guild))
      return { route: await insert(call, route), unheard }
    },
    async remove({ guild, project }, number) {
      const row = await store.db
        .deleteFrom('alert_routes')
        .where('guild', '=', guild)
        .where('project', '=', project)
        .where('number', '=', number)
        .returningAll()
        .executeTakeFirst()
      if (!row) throw new UserError(`There is no route ${number}, so nothing was removed. See /alerts route list.`)
      return routeOf(row)
    },
    list: (place) => read(store.db, place),
    async described(place) {
      const routes = await read(store.db, place)
      if (routes.length === 0) return []
      const known = await names(place.guild)
      return routes.map((route) => describeRoute(route, known))
    },
  }
  function insert(call: Call, route: NewRoute): Promise<SetRoute> {
    const { guild, project } = call.place
    return store.db.transaction().execute(async (tx) => {
      // Takes turns with everybody who adds one here.
      const number = await nextNumber(tx, guild, 'route')
      if ((await read(tx, call.place)).length >= most) {
        throw new UserError(`There are ${most} routes already, so nothing was added. Remove one first: /alerts route remove.`)
      }
      const row = {
        ...{ guild, project, number, severity: route.severity, channel: route.channel },
        environment: route.environment?.id ?? '',
        environment_name: route.environment?.name ?? '',
        service_id: route.service?.id ?? '',
        service_name: route.service?.name ?? '',
        roles: JSON.stringify(route.roles),
        quiet: route.quiet ? JSON.stringify(route.quiet) : null,
        chain: JSON.stringify(route.chain),
        names: JSON.stringify(route.names),
        added_by: actorName(call.actor),
        added_at: clock.now(),
      }
      return routeOf(await tx.insertInto('alert_routes').values(row).returningAll().executeTakeFirstOrThrow())
    })
  }
}

type NewRoute = Omit<SetRoute, 'number' | 'addedBy'>

/** Looks up what is named. Throws UserError. */
function understood(written: WrittenRoute, names: GuildNames): { readonly route: NewRoute; readonly unheard: readonly string[] } {
  const { severity, service, environment, quiet, zone } = written
  const roles = readRoles(written.roles ?? '').map(names.role)
  const chain = (written.escalate === undefined ? [] : readChain(written.escalate)).map((step) => ({
    ...step,
    channel: step.channel === undefined ? undefined : names.channel(step.channel),
    roles: step.roles.map(names.role),
  }))
  const called = [...roles, ...chain.flatMap((step) => step.roles)]
  const channel = names.channel(written.channel)
  const channels = [channel, ...chain.flatMap((step) => step.channel ?? [])]
  return {
    route: {
      ...{ severity, service, environment },
      channel,
      roles: roles.map(({ id }) => id),
      quiet: quiet === undefined ? undefined : readQuietHours(quiet, zone),
      chain: chain.map((step) => ({ ...step, roles: step.roles.map(({ id }) => id) })),
      names: Object.fromEntries([...called.map(({ id, name }) => [id, name]), ...channels.map((id) => [id, names.channelName(id)])]),
    },
    unheard: [...new Set(called.filter(({ mentionable }) => !mentionable).map(({ name }) => name))],
  }
}

/** A service says more than an environment, and that more than any severity. */
function saysMore({ service, environment, severity }: SetRoute): number {
  return (service ? 100 : 0) + (environment ? 10 : 0) + severities.indexOf(severity)
}

async function read(db: Reader, { guild, project }: Place): Promise<readonly SetRoute[]> {
  const rows = await db
    .selectFrom('alert_routes')
    .selectAll()
    .where('guild', '=', guild)
    .where('project', '=', project)
    .orderBy('number')
    .execute()
  return rows.map(routeOf)
}

function routeOf(row: Selectable<Database['alert_routes']>): SetRoute {
  return {
    number: row.number,
    severity: row.severity,
    channel: row.channel,
    roles: row.roles,
    quiet: row.quiet ?? undefined,
    chain: row.chain,
    names: row.names,
    service: row.service_id === '' ? undefined : { id: row.service_id, name: row.service_name },
    environment: row.environment === '' ? undefined : { id: row.environment, name: row.environment_name },
    addedBy: row.added_by,
  }
}
