import { z } from 'zod'
import type { Store } from '#src/adapters/store/store.ts'
import type { Place } from '#src/kernel/call.ts'
import { certificates } from './certificates.ts'
import { costs } from './costs.ts'
import { logHits } from './log-hits.ts'
import { notices } from './notices.ts'

/** What rules of a kind decide from, with the schema that it is kept by. */
export const readings = { log: logHits, cost: costs, certificate: certificates, webhook: notices } as const
export type ReadingKind = keyof typeof readings
/** Of each kind what was read last; undefined where it never was, or another version of Helix wrote it. */
export type Readings = { readonly [Kind in ReadingKind]?: z.output<(typeof readings)[Kind]> | undefined }

export interface ReadingRows {
  load(place: Place): Promise<Readings>
  /** Written by one process at a time, from what the one before wrote. `make` answers undefined where nothing shall change. */
  change<Kind extends ReadingKind>(place: Place, kind: Kind, make: (before: Readings[Kind]) => Readings[Kind]): Promise<void>
}

export function createReadingRows({ store: { db } }: { readonly store: Pick<Store, 'db'> }): ReadingRows {
  return {
    async load({ guild, project, environment }) {
      const rows = await db
        .selectFrom('alert_readings')
        .select(['kind', 'reading'])
        .where('guild', '=', guild)
        .where('project', '=', project)
        .where('environment', '=', environment)
        .execute()
      return Object.fromEntries(rows.map(({ kind, reading }) => [kind, parsed(kind, reading)]))
    },
    change: ({ guild, project, environment }, kind, make) =>
      db.transaction().execute(async (tx) => {
        const key = { guild, project, environment, kind }
        await tx
          .insertInto('alert_readings')
          .values({ ...key, reading: 'null' })
          .onConflict((conflict) => conflict.doNothing())
          .execute()
        const mine = (['guild', 'project', 'environment', 'kind'] as const).map((column) => [column, key[column]] as const)
        const own = mine.reduce(
          (query, [column, value]) => query.where(column, '=', value),
          tx.selectFrom('alert_readings').select('reading').forUpdate(),
        )
        const before = (await own.executeTakeFirstOrThrow()).reading
        const after = make(parsed(kind, before))
        if (after === undefined) return
        const update = tx.updateTable('alert_readings').set({ reading: JSON.stringify(after) })
        await mine.reduce((query, [column, value]) => query.where(column, '=', value), update).execute()
      }),
  }
}

function parsed<Kind extends ReadingKind>(kind: Kind, reading: unknown): Readings[Kind] {
  const read = z.safeParse<z.ZodType>(readings[kind], reading)
  return read.success ? (read.data as Readings[Kind]) : undefined
}
