import type { Kysely } from 'kysely'
import { Refusal } from '#src/service/refusal.ts'
import type { EventReport, Progress } from '#src/zapier/wire.ts'
import { type AcceptedEvent, messageOf, payloadText, withPayload } from '../event-message.ts'
import type { Kind, Tables } from '../tables.ts'

type Db = Kysely<Tables>

/** The newest of a kind, newest first, as they stand on the wire. */
export async function listMessages(db: Db, kind: Kind, limit: number): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const rows = await events(db).where('kind', '=', kind).orderBy('seq', 'desc').limit(limit).execute()
  return rows.map((row) => messageOf(withPayload(row)))
}

/** The newest of every kind with what came of each, newest first. */
export async function listReports(db: Db, limit: number): Promise<readonly EventReport[]> {
  const rows = await events(db).orderBy('seq', 'desc').limit(limit).execute()
  return withEffects(db, rows.map(withPayload))
}

/** Throws Refusal (404). */
export async function readReport(db: Db, id: string): Promise<EventReport> {
  const rows = await events(db).where('id', '=', id).execute()
  const [report] = await withEffects(db, rows.map(withPayload))
  if (!report) throw new Refusal(404, 'There is no such event; those of more than a week ago are not kept.')
  return report
}

function events(db: Db) {
  return db.selectFrom('zapier.events').select(['id', 'kind', 'name', payloadText, 'source', 'at', 'routed'])
}

async function withEffects(db: Db, found: readonly (AcceptedEvent & { routed: boolean })[]): Promise<readonly EventReport[]> {
  if (found.length === 0) return []
  const ids = found.map(({ id }) => id)
  const rows = await db
    .selectFrom('zapier.work')
    .select(['event', 'lane', 'rule_name', 'state', 'attempts', 'outcome'])
    .where('event', 'in', ids)
    .orderBy('id')
    .execute()
  const byEvent = Map.groupBy(rows, ({ event }) => event)
  return found.map(({ id, kind, name, payload, at, routed }) => {
    const noted = (byEvent.get(id) ?? []).map(({ lane, rule_name, state, attempts, outcome }) => ({
      what: lane,
      rule: rule_name,
      state,
      attempts,
      sentence: outcome?.sentence ?? null,
      operation: outcome?.operation ?? null,
    }))
    // Told at once, it left no row.
    const effects = routed && !noted.some(({ what }) => what === 'tell') ? [told, ...noted] : noted
    const state = routed ? worst(effects.map((effect) => effect.state)) : 'waiting'
    return { event_id: id, kind, name, timestamp: at.toISOString(), payload, state, effects }
  })
}

const told = { what: 'tell', rule: null, state: 'done', attempts: 1, sentence: null, operation: null } as const

function worst(states: readonly Progress[]): Progress {
  return (['dead', 'waiting', 'refused'] as const).find((state) => states.includes(state)) ?? 'done'
}
