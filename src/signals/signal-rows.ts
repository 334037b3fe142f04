import { type Insertable, type Selectable, sql } from 'kysely'
import { z } from 'zod'
import type { Database } from '#src/adapters/store/schema.ts'
import type { Store, Transaction } from '#src/adapters/store/store.ts'
import type { Place } from '#src/kernel/call.ts'
import type { DeploymentRef } from '#src/kernel/directory.ts'
import type { Cadence } from './cadence.ts'
import type { Decided, Remembered } from './decide.ts'
import type { EnvironmentSignals, ServiceSignals, Turned } from './signals.ts'
import { memory } from './smooth.ts'

/** As JSON has it. */
export type Stored<Value> = Value extends Date
  ? string
  : Value extends object
    ? { readonly [Key in keyof Value]: Stored<Value[Key]> }
    : Value

/** What a process that did not read itself knows of an environment. */
export interface Kept {
  readonly signals: EnvironmentSignals
  readonly cadence: Cadence
  /** Undefined where another version of Helix wrote something that this one cannot read: then it begins anew. */
  readonly remembered: Remembered | undefined
}

export interface Untold {
  readonly id: string
  readonly turned: Turned
  readonly told: boolean
  readonly published: boolean
}

export interface SignalRows {
  load(place: Place): Promise<Kept | undefined>
  all(): Promise<readonly Kept[]>
  /** One transaction, which `fence` may refuse. Tells every process that listens to `signals_read`. */
  write(decided: Decided, cadence: Cadence, fence: (tx: Transaction) => Promise<void>): Promise<void>
  /** Railway could not be read: what was read before stands, and is old. */
  age(place: Place, at: Date, cadence: Cadence, fence: (tx: Transaction) => Promise<void>): Promise<void>
  /** Asks, on a channel, whoever decides to look at a place. */
  ask(channel: string, place: Place): Promise<void>
  /** Turns that somebody has not heard of, oldest first. */
  untold(since: Date): Promise<readonly Untold[]>
  mark(id: string, what: 'told_at' | 'published_at', at: Date): Promise<void>
  prune(before: Date): Promise<void>
}

/** Where what was read is told to the other processes; the payload is the place. */
export const readChannel = 'signals_read'
const memories = z.record(z.string(), memory)
const MOST_UNTOLD = 100

export function createSignalRows({ store }: { readonly store: Pick<Store, 'db'> }): SignalRows {
  const { db } = store
  const tell = (tx: Transaction, place: Place) => sql`SELECT pg_notify(${readChannel}, ${JSON.stringify(placeOnly(place))})`.execute(tx)

  return {
    async load({ guild, project, environment }) {
      const query = db.selectFrom('signals').selectAll().where('guild', '=', guild).where('project', '=', project)
      const row = await query.where('environment', '=', environment).executeTakeFirst()
      return row && keptOf(row)
    },
    all: async () => (await db.selectFrom('signals').selectAll().execute()).map(keptOf),
    write: ({ signals, remembered, turned }, cadence, fence) =>
      db.transaction().execute(async (tx) => {
        await fence(tx)
        const row = rowOf(signals, remembered, cadence)
        const { guild: _, project: __, environment: ___, ...fresh } = row
        await tx
          .insertInto('signals')
          .values(row)
          .onConflict((conflict) => conflict.columns(['guild', 'project', 'environment']).doUpdateSet(fresh))
          .execute()
        const turns = turned.map(({ place, service, ...rest }) => ({
          ...placeOnly(place),
          service: service.id,
          turned: JSON.stringify({ place, service, ...rest }),
          at: signals.at,
        }))
        if (turns.length > 0) await tx.insertInto('health_turns').values(turns).execute()
        await tell(tx, signals.place)
      }),
    age: (place, at, { everyMs, slowed }, fence) =>
      db.transaction().execute(async (tx) => {
        await fence(tx)
        const { guild, project, environment } = place
        const changed = { at, stale: true, every_ms: Math.round(everyMs), slowed }
        const update = tx.updateTable('signals').set(changed).where('guild', '=', guild).where('project', '=', project)
        await update.where('environment', '=', environment).execute()
        await tell(tx, place)
      }),
    ask: async (channel, place) => void (await sql`SELECT pg_notify(${channel}, ${JSON.stringify(placeOnly(place))})`.execute(db)),
    async untold(since) {
      const rows = await db
        .selectFrom('health_turns')
        .selectAll()
        .where((is) => is.or([is('told_at', 'is', null), is('published_at', 'is', null)]))
        .where('at', '>', since)
        .orderBy('id')
        .limit(MOST_UNTOLD)
        .execute()
      return rows.map(({ id, turned, told_at, published_at }) => ({
        id,
        turned: { ...turned, since: new Date(turned.since), serving: revived(turned.serving), latest: revived(turned.latest) },
        told: told_at !== null,
        published: published_at !== null,
      }))
    },
    mark: async (id, what, at) => void (await db.updateTable('health_turns').set(what, at).where('id', '=', id).execute()),
    async prune(before) {
      await db.deleteFrom('health_turns').where('at', '<', before).execute()
      await db.deleteFrom('signals').where('at', '<', before).execute()
    },
  }
}

function placeOnly({ guild, project, environment }: Place): Place {
  return { guild, project, environment }
}

function rowOf(
  { place, environment: name, at, stale, services }: EnvironmentSignals,
  remembered: Remembered,
  { everyMs, slowed }: Cadence,
) {
  return {
    ...placeOnly(place),
    ...{ name, at, stale, slowed },
    every_ms: Math.round(everyMs),
    services: JSON.stringify(services),
    remembered_at: new Date(remembered.at),
    remembered: JSON.stringify(Object.fromEntries(remembered.services)),
  } satisfies Insertable<Database['signals']>
}

function keptOf(row: Selectable<Database['signals']>): Kept {
  const { guild, project, environment, name, at, stale, every_ms, slowed, services, remembered_at, remembered } = row
  const read = memories.safeParse(remembered)
  return {
    signals: { place: { guild, project, environment }, environment: name, at, stale, services: services.map(serviceOf) },
    cadence: { everyMs: every_ms, slowed },
    remembered: read.success ? { at: remembered_at.getTime(), services: new Map(Object.entries(read.data)) } : undefined,
  }
}

/** JSON knows no dates, and leaves out what is undefined. */
function serviceOf({ cpu, memory: used, disk, http, ...stored }: Stored<ServiceSignals>): ServiceSignals {
  const { since, serving, latest } = stored
  const measured = { cpu, memory: used, disk } as Pick<ServiceSignals, 'cpu' | 'memory' | 'disk'>
  return {
    ...stored,
    ...measured,
    http: http as ServiceSignals['http'],
    since: new Date(since),
    serving: revived(serving),
    latest: revived(latest),
  }
}

function revived(stored: Stored<DeploymentRef> | undefined): DeploymentRef | undefined {
  return stored && ({ ...stored, createdAt: new Date(stored.createdAt) } as DeploymentRef)
}
