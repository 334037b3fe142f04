import { sql } from 'kysely'
import type { Store } from '#src/adapters/store/store.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Parts } from './computed-level.ts'
import type { ConsciousnessReading, Unreadable } from './consciousness.ts'
import type { SourceNews } from './intake.ts'

/** A source of a place, as it is kept. */
export interface KnownSource {
  readonly place: Place
  readonly channel: string
  readonly source: string
  /** Of its newest entry that was read, in the stream of the channel. */
  readonly lastId: string | undefined
  readonly reading: ConsciousnessReading | undefined
  readonly unreadable: Unreadable | undefined
  /** Of a computed reading. */
  readonly parts: Parts | undefined
}

/** In place of a channel, where the source is Helix itself: no message can take its row. */
export const computedChannel = 'computed'

/** Told to every process whenever something of them changed. */
export const sourcesChanged = 'consciousness_sources'

/** The newest of each source, for every process and beyond a restart. */
export interface SourceRows {
  /** Tells every process. A newest reading is replaced by a newer one only. */
  write(place: Place, news: readonly SourceNews[]): Promise<void>
  writeComputed(place: Place, reading: ConsciousnessReading, parts: Parts): Promise<void>
  load(): Promise<readonly KnownSource[]>
  /** Forgets sources that nobody heard since that moment. Answers how many. */
  prune(before: Date): Promise<number>
}

export function createSourceRows({ db }: Pick<Store, 'db'>): SourceRows {
  return {
    async write({ guild, project, environment }, news) {
      if (news.length === 0) return
      const rows = news.map(({ channel, source, reading, read, unreadable, why, at, lastId }) => {
        const unreadableAt = unreadable > 0 ? at : null
        return sql`(${guild}, ${project}, ${environment}, ${channel}, ${source}, ${reading ? JSON.stringify(reading) : null}::jsonb,
          ${read}::bigint, ${unreadable}::bigint, ${unreadable > 0 ? (why ?? null) : null}, ${unreadableAt}::timestamptz, ${at}::timestamptz, ${lastId ?? null})`
      })
      await sql`
        INSERT INTO consciousness_sources AS known (guild, project, environment, channel, source, reading, messages, unreadable,
          unreadable_why, unreadable_at, heard_at, last_id) VALUES ${sql.join(rows)}
        ON CONFLICT (guild, project, environment, channel, source) DO UPDATE SET
          reading = CASE WHEN known.reading IS NULL OR (EXCLUDED.reading->>'at')::timestamptz >= (known.reading->>'at')::timestamptz
            THEN EXCLUDED.reading ELSE known.reading END,
          messages = known.messages + EXCLUDED.messages, unreadable = known.unreadable + EXCLUDED.unreadable,
          unreadable_why = coalesce(EXCLUDED.unreadable_why, known.unreadable_why),
          unreadable_at = coalesce(EXCLUDED.unreadable_at, known.unreadable_at), heard_at = EXCLUDED.heard_at,
          last_id = coalesce(EXCLUDED.last_id, known.last_id)`.execute(db)
      await tell()
    },
    async writeComputed(place, reading, parts) {
      const values = { reading: JSON.stringify(reading), parts: JSON.stringify(parts), heard_at: reading.at }
      await db
        .insertInto('consciousness_sources')
        .values({
          ...place,
          channel: computedChannel,
          source: reading.source,
          unreadable_why: null,
          unreadable_at: null,
          last_id: null,
          ...values,
        })
        .onConflict((conflict) => conflict.columns(['guild', 'project', 'environment', 'channel', 'source']).doUpdateSet(values))
        .execute()
      await tell()
    },
    async load() {
      const rows = await db.selectFrom('consciousness_sources').selectAll().execute()
      return rows.map(({ guild, project, environment, channel, source, reading, parts, unreadable, ...rest }) => ({
        place: { guild, project, environment },
        ...{ channel, source, lastId: rest.last_id ?? undefined },
        reading: reading ? { ...reading, at: new Date(reading.at) } : undefined,
        unreadable:
          rest.unreadable_at && Number(unreadable) > 0
            ? { channel, source, count: Number(unreadable), why: rest.unreadable_why ?? '', at: rest.unreadable_at }
            : undefined,
        parts: parts ?? undefined,
      }))
    },
    async prune(before) {
      const { numDeletedRows } = await db.deleteFrom('consciousness_sources').where('heard_at', '<', before).executeTakeFirst()
      return Number(numDeletedRows)
    },
  }

  async function tell(): Promise<void> {
    await sql`SELECT pg_notify(${sourcesChanged}, '')`.execute(db)
  }
}
