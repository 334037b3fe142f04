import type { Selectable } from 'kysely'
import type { ConsciousnessTables } from '#src/adapters/store/consciousness-tables.ts'
import type { Store, Transaction } from '#src/adapters/store/store.ts'
import type { Place } from '#src/kernel/call.ts'
import type { ConsciousnessPoint } from './consciousness.ts'
import type { ClosedRow } from './intake.ts'
import { add, type Tallies } from './tally.ts'

type Row = Selectable<ConsciousnessTables['consciousness_metrics']>

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Spans of the history, finest first: how long one is, and how long rows of it are kept. Each is made of the one before. */
export const spans = [
  { seconds: 10, keptMs: 48 * HOUR },
  { seconds: 300, keptMs: 30 * DAY },
  { seconds: 3_600, keptMs: 365 * DAY },
] as const

/** So long after its end nothing more is written of a span, in ms. */
const graceMs = 60_000
/** What is condensed in one go: what lies before waits for the next. */
const stepMs = 6 * HOUR

export interface History {
  /** What came of a span before, and this: a message that comes late is added to its row. */
  write(place: Place, rows: readonly (ClosedRow & { readonly computed?: boolean })[]): Promise<void>
  read(place: Place, range: { readonly from: Date; readonly to: Date }, most: number): Promise<readonly ConsciousnessPoint[]>
  /** Makes the rows of the longer spans, and forgets what was kept long enough. May be done by any process at any time. */
  condense(now: Date): Promise<void>
}

/** What the sources said, in PostgreSQL: fine for two days, coarser for a month, by the hour for a year. */
export function createHistory({ db }: Pick<Store, 'db'>): History {
  async function replace(rows: readonly Row[], tx: Store['db'] | Transaction = db): Promise<void> {
    for (let begin = 0; begin < rows.length; begin += 500) {
      const some = rows.slice(begin, begin + 500).map(({ level, metrics, ...rest }) => ({
        ...rest,
        level: level && JSON.stringify(level),
        metrics: JSON.stringify(metrics),
      }))
      await tx
        .insertInto('consciousness_metrics')
        .values(some)
        .onConflict((conflict) =>
          conflict.columns(['guild', 'project', 'environment', 'seconds', 'at', 'channel', 'source']).doUpdateSet(({ ref }) => ({
            computed: ref('excluded.computed'),
            messages: ref('excluded.messages'),
            level: ref('excluded.level'),
            metrics: ref('excluded.metrics'),
          })),
        )
        .execute()
    }
  }

  function rowsOf(seconds: number, from: Date, to: Date, place?: Place): Promise<readonly Row[]> {
    return rowsAt(db, place, seconds).where('at', '>=', from).where('at', '<', to).orderBy('at').execute()
  }

  /** Rows of one span from those of the finer one. Of what was made already only the last is made again. */
  async function condenseInto(span: number, now: Date): Promise<void> {
    const [{ seconds: finer }, { seconds }] = [spans[span - 1]!, spans[span]!]
    const over = floor(new Date(now.getTime() - graceMs), seconds)
    let begin = await firstOf(finer, (await lastOf(seconds)) ?? new Date(0))
    while (begin) {
      const from = floor(begin, seconds)
      const to = new Date(Math.min(over.getTime(), from.getTime() + stepMs))
      if (to <= from) return
      const groups = bySpan(await rowsOf(finer, from, to), seconds)
      await replace([...groups.values()].map((group) => together(group, seconds)))
      begin = await firstOf(finer, to)
    }
  }

  async function lastOf(seconds: number): Promise<Date | undefined> {
    const query = db.selectFrom('consciousness_metrics').select('at').where('seconds', '=', seconds)
    return (await query.orderBy('at', 'desc').limit(1).executeTakeFirst())?.at
  }

  async function firstOf(seconds: number, from: Date): Promise<Date | undefined> {
    const query = db.selectFrom('consciousness_metrics').select('at').where('seconds', '=', seconds).where('at', '>=', from)
    return (await query.orderBy('at').limit(1).executeTakeFirst())?.at
  }

  return {
    async write(place, rows) {
      if (rows.length === 0) return
      const { seconds } = spans[0]
      const fresh = rows.map(({ count, computed = false, at, level, ...rest }): Row => {
        const { channel, source, metrics } = rest
        return { ...place, channel, source, seconds, at: floor(at, seconds), computed, messages: count, level: level ?? null, metrics }
      })
      const moments = [...new Set(fresh.map(({ at }) => at.getTime()))].map((ms) => new Date(ms))
      await db.transaction().execute(async (tx) => {
        const kept = await rowsAt(tx, place, seconds).where('at', 'in', moments).forUpdate().execute()
        const groups = bySpan([...kept, ...fresh], seconds)
        await replace(
          [...groups.values()].map((group) => together(group, seconds)),
          tx,
        )
      })
    },
    async read(place, { from, to }, most) {
      const stepMs = (to.getTime() - from.getTime()) / most
      const finest = spans.findIndex(({ keptMs }) => to.getTime() - from.getTime() <= keptMs)
      const fitting = spans.findLastIndex(({ seconds }) => seconds * 1_000 <= stepMs)
      const rows: Row[] = []
      // The newest is not condensed yet: it comes from the finer spans.
      let begin = from
      for (const { seconds } of spans.slice(0, Math.max(finest, fitting, 0) + 1).reverse()) {
        rows.push(...(await rowsOf(seconds, begin, to, place)))
        const last = rows.at(-1)
        if (last) begin = new Date(last.at.getTime() + last.seconds * 1_000)
      }
      return pointsOf(rows, from, Math.max(1, stepMs))
    },
    async condense(now) {
      for (let span = 1; span < spans.length; span += 1) await condenseInto(span, now)
      for (const { seconds, keptMs } of spans) {
        const before = new Date(now.getTime() - keptMs)
        await db.deleteFrom('consciousness_metrics').where('seconds', '=', seconds).where('at', '<', before).execute()
      }
    },
  }
}

/** Of one place, or of all. */
function rowsAt(db: Store['db'] | Transaction, place: Place | undefined, seconds: number) {
  const all = db.selectFrom('consciousness_metrics').selectAll().where('seconds', '=', seconds)
  if (!place) return all
  return all.where('guild', '=', place.guild).where('project', '=', place.project).where('environment', '=', place.environment)
}

/** What becomes one row of a span, in order. */
function bySpan(rows: readonly Row[], span: number): ReadonlyMap<string, readonly Row[]> {
  return Map.groupBy(rows, ({ guild, project, environment, channel, source, at }) =>
    JSON.stringify([guild, project, environment, channel, source, floor(at, span)]),
  )
}

/** One point for each step; what was published counts before what was worked out. */
function pointsOf(rows: readonly Row[], from: Date, stepMs: number): readonly ConsciousnessPoint[] {
  const steps = Map.groupBy(rows, ({ at }) => Math.floor((at.getTime() - from.getTime()) / stepMs))
  return [...steps.values()].map((all) => {
    const published = all.filter(({ computed }) => !computed)
    const counted = published.length > 0 ? published : all
    const { level, metrics } = talliesOf(counted)
    return { at: counted.at(-1)!.at, level, metrics, computed: published.length === 0 }
  })
}

function together(group: readonly Row[], seconds: number): Row {
  const { level, metrics } = talliesOf(group)
  const messages = group.reduce((sum, row) => sum + row.messages, 0)
  return { ...group[0]!, seconds, at: floor(group[0]!.at, seconds), messages, level: level ?? null, metrics }
}

function talliesOf(rows: readonly Row[]): Tallies {
  return rows.map(({ level, metrics }): Tallies => ({ level: level ?? undefined, metrics })).reduce(add)
}

function floor(at: Date, seconds: number): Date {
  return new Date(Math.floor(at.getTime() / (seconds * 1_000)) * seconds * 1_000)
}
