import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { GateSettingsTable } from '#src/adapters/store/consciousness-tables.ts'
import type { Store, Transaction } from '#src/adapters/store/store.ts'
import { actorKey, actorName, type Call, type Place } from '#src/kernel/call.ts'
import type { ServiceRef } from '#src/kernel/directory.ts'
import type { Operation } from '#src/operations/operation.ts'
import { type GateChange, type GateSettings, gateDefaults, type Override } from './gates.ts'

type Row = Selectable<GateSettingsTable>

/** Settings and overrides, in PostgreSQL. */
export type GateRows = ReturnType<typeof createGateRows>

export function createGateRows({ db }: Pick<Store, 'db'>) {
  const settingsOf = (place: Place) =>
    db
      .selectFrom('gate_settings')
      .selectAll()
      .where('guild', '=', place.guild)
      .where('project', '=', place.project)
      .where('environment', '=', place.environment)

  const unused = (place: Place, after: Date, tx: Store['db'] | Transaction = db) =>
    tx
      .selectFrom('gate_overrides')
      .selectAll()
      .where('guild', '=', place.guild)
      .where('project', '=', place.project)
      .where('environment', '=', place.environment)
      .where('operation', 'is', null)
      .where('until', '>', after)
      .orderBy('given_at', 'desc')

  return {
    async settings(place: Place): Promise<GateSettings> {
      return settingsFrom(await settingsOf(place).orderBy('service_name').execute())
    },

    async change(
      { place, actor }: Call,
      { service, maxAgeMs, criticalLevel, criticalHarmony, ...rest }: GateChange,
      at: Date,
    ): Promise<void> {
      const set = Object.fromEntries(
        Object.entries({ ...rest, max_age_ms: maxAgeMs, critical_level: criticalLevel, critical_harmony: criticalHarmony }).filter(
          ([, value]) => value !== undefined,
        ),
      )
      const written = { ...set, service_name: service?.name ?? '', updated_by: actorKey(actor), updated_at: at }
      await db
        .insertInto('gate_settings')
        .values({ ...nothing, ...place, service: service?.id ?? '', ...written })
        .onConflict((conflict) => conflict.columns(['guild', 'project', 'environment', 'service']).doUpdateSet(written))
        .execute()
    },

    async reset({ guild, project, environment }: Place, service: ServiceRef | undefined): Promise<void> {
      const all = db
        .deleteFrom('gate_settings')
        .where('guild', '=', guild)
        .where('project', '=', project)
        .where('environment', '=', environment)
      await (service ? all.where('service', '=', service.id) : all).execute()
    },

    async give(
      { place, actor }: Call,
      { service, reason }: Pick<Override, 'service' | 'reason'>,
      at: Date,
      until: Date,
    ): Promise<Override> {
      const id = randomUUID()
      await db.transaction().execute(async (tx) => {
        await tx
          .updateTable('gate_overrides')
          .set({ until: at })
          .where('id', 'in', unused(place, at, tx).clearSelect().clearOrderBy().select('id').where('service', '=', service.id))
          .execute()
        const by = { given_by: actorKey(actor), given_by_name: actorName(actor), given_at: at }
        const row = { id, ...place, service: service.id, service_name: service.name, reason, until, operation: null, used_at: null, ...by }
        await tx.insertInto('gate_overrides').values(row).execute()
      })
      return { id, service, reason, byName: actorName(actor), until }
    },

    async overrides(place: Place, after: Date): Promise<readonly Override[]> {
      return (await unused(place, after).execute()).map((row) => ({
        id: row.id,
        service: { id: row.service, name: row.service_name },
        reason: row.reason,
        byName: row.given_by_name,
        until: row.until,
      }))
    },

    /** Uses one up for an operation, in that transaction; the one that it has used already, where it comes again. */
    async use(
      { id, place, change, createdAt }: Operation,
      at: Date,
      tx: Transaction,
    ): Promise<Pick<Override, 'reason' | 'byName'> | undefined> {
      const used = await tx.selectFrom('gate_overrides').select(['reason', 'given_by_name']).where('operation', '=', id).executeTakeFirst()
      const row = used ?? (await takeOne())
      return row && { reason: row.reason, byName: row.given_by_name }

      async function takeOne() {
        const free = await unused(place, createdAt, tx).where('service', '=', change.service.id).limit(1).forUpdate().executeTakeFirst()
        if (!free) return undefined
        await tx.updateTable('gate_overrides').set({ operation: id, used_at: at }).where('id', '=', free.id).execute()
        return free
      }
    },

    async prune(before: Date): Promise<number> {
      const { numDeletedRows } = await db.deleteFrom('gate_overrides').where('until', '<', before).executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}

const nothing = {
  ...{ enabled: null, level: null, harmony: null, critical_level: null, critical_harmony: null, critical: null, max_age_ms: null },
}

function settingsFrom(rows: readonly Row[]): GateSettings {
  const own = rows.find(({ service }) => service === '')
  const { enabled, ordinary, critical, maxAgeMs } = gateDefaults
  return {
    enabled: own?.enabled ?? enabled,
    ordinary: { level: own?.level ?? ordinary.level, harmony: own?.harmony ?? ordinary.harmony },
    critical: { level: own?.critical_level ?? critical.level, harmony: own?.critical_harmony ?? critical.harmony },
    maxAgeMs: own?.max_age_ms ?? maxAgeMs,
    services: rows
      .filter(({ service }) => service !== '')
      .map((row) => ({
        service: { id: row.service, name: row.service_name },
        critical: row.critical ?? false,
        ...(row.level !== null && { level: row.level }),
        ...(row.harmony !== null && { harmony: row.harmony }),
      })),
  }
}
