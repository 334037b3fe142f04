import type { Selectable } from 'kysely'
import type { Database } from '#src/adapters/store/schema.ts'
import type { Store, Transaction } from '#src/adapters/store/store.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Kept, OpenTrouble } from './incident.ts'

export type Reader = Store['db'] | Transaction
type Row = Selectable<Database['incidents']>

/** Of those rows, with the troubles of each that are not over; after the end, with those that it ended with. */
export async function withTroubles(db: Reader, rows: readonly Row[]): Promise<readonly Kept[]> {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const troubles = await db
    .selectFrom('incident_troubles')
    .selectAll()
    .where('incident', 'in', ids)
    .where('over_at', 'is', null)
    .orderBy('since')
    .orderBy('fingerprint')
    .execute()
  return rows.map((row) =>
    keptOf(
      row,
      troubles.filter(({ incident }) => incident === row.id),
    ),
  )
}

export async function readIncident(db: Reader, id: string): Promise<Kept | undefined> {
  if (!isId(id)) return undefined
  const row = await db.selectFrom('incidents').selectAll().where('id', '=', id).executeTakeFirst()
  return row && (await withTroubles(db, [row]))[0]
}

/** The same, and nobody else changes it before the transaction ends. */
export async function lockIncident(tx: Transaction, id: string): Promise<Kept | undefined> {
  if (!isId(id)) return undefined
  const row = await tx.selectFrom('incidents').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  return row && (await withTroubles(tx, [row]))[0]
}

/** The incident that a trouble belongs to while it is open: the one that tells it already, else that of its group. */
export async function lockOpen(tx: Transaction, place: Place, group: string, fingerprint: string): Promise<Kept | undefined> {
  const told = tx
    .selectFrom('incident_troubles')
    .select('incident')
    .where('guild', '=', place.guild)
    .where('project', '=', place.project)
    .where('environment', '=', place.environment)
    .where('fingerprint', '=', fingerprint)
    .where('over_at', 'is', null)
  const row = await openOnes(tx, place)
    .where((where) => where.or([where('trouble_group', '=', group), where('id', 'in', told)]))
    .orderBy('opened_at')
    .limit(1)
    .forUpdate()
    .executeTakeFirst()
  return row && (await withTroubles(tx, [row]))[0]
}

export async function readOpen(db: Reader, place: Place, group: string): Promise<Kept | undefined> {
  const row = await openOnes(db, place).where('trouble_group', '=', group).executeTakeFirst()
  return row && (await withTroubles(db, [row]))[0]
}

function openOnes(db: Reader, { guild, project, environment }: Place) {
  return db
    .selectFrom('incidents')
    .selectAll()
    .where('guild', '=', guild)
    .where('project', '=', project)
    .where('environment', '=', environment)
    .where('state', '<>', 'resolved')
}

function keptOf(row: Row, troubles: readonly OpenTrouble[]): Kept {
  return {
    id: row.id,
    number: row.number,
    place: { guild: row.guild, project: row.project, environment: row.environment },
    environment: row.environment_name,
    group: row.trouble_group,
    state: row.state,
    severity: row.severity,
    title: row.title,
    sentence: row.sentence,
    service: row.service_id === null ? undefined : { id: row.service_id, name: row.service_name ?? row.service_id },
    since: row.since,
    openedAt: row.opened_at,
    acknowledgedBy: row.acknowledged_by ?? undefined,
    acknowledgedAt: row.acknowledged_at ?? undefined,
    silencedUntil: row.silenced_until ?? undefined,
    escalatedAt: row.escalated_at ?? undefined,
    called: row.called,
    callDue: row.call_due ?? undefined,
    calledAt: row.called_at ?? undefined,
    worst: row.worst,
    resolvedAt: row.resolved_at ?? undefined,
    resolvedBy: row.resolved_by ?? undefined,
    resolvedWhy: row.resolved_why ?? undefined,
    cameBack: row.came_back,
    route: row.route,
    facts: row.facts,
    evidence: row.evidence ?? {},
    troubles: troubles.map(({ fingerprint, severity, title, sentence, since, outage, evidence }) => ({
      ...{ fingerprint, severity, title, sentence, since, outage, evidence },
    })),
  }
}

/** What comes from a button or a caller may be anything. */
function isId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)
}
