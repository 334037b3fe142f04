import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Store, Transaction } from '#src/adapters/store/store.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { moment } from '#src/kernel/say.ts'
import type { Calls } from './calls.ts'
import { calledWords, dueAfter, gravity, type Kept } from './incident.ts'
import { comesBackWithinMs, type Incidents, type Trouble } from './incidents.ts'
import { quietUntil } from './quiet-hours.ts'
import type { AlertRoutes } from './routes.ts'
import { lockOpen, readIncident, withTroubles } from './rows.ts'
import type { Tell } from './tell.ts'
import { given, lead, openOne, put } from './troubles.ts'

export interface OpeningParts {
  readonly store: Store
  readonly routes: Pick<AlertRoutes, 'match'>
  readonly tell: Tell
  readonly calls: Calls
  readonly clock: Clock
}

/** See Incidents.report. */
export function createOpening({ store, routes, tell, calls, clock }: OpeningParts): Incidents['report'] {
  return (trouble) =>
    store.db.transaction().execute(async (tx) => {
      const { place, group, fingerprint } = trouble
      // Reports of one group take turns, before they lock any row: whoever waited for a row that was resolved meanwhile would hold it still. The
      // unique index holds whatever happens.
      const turn = JSON.stringify(['incidents', place.guild, place.project, place.environment, group])
      await sql`SELECT pg_advisory_xact_lock(hashtextextended(${turn}, 0))`.execute(tx)
      const open = await lockOpen(tx, place, group, fingerprint)
      if (open) return { incident: await join(tx, open, trouble), opened: false }
      const last = await lastOf(tx, place, group)
      if (last?.resolvedAt && (isSettled(last, trouble) || (await wasTold(tx, last, trouble)))) return { incident: last, opened: false }
      if (last?.resolvedAt && comesBack(last)) return { incident: await reopen(tx, last, trouble), opened: false }
      return { incident: await openNew(tx, trouble), opened: true }
    })

  async function openNew(tx: Transaction, trouble: Trouble): Promise<Kept> {
    const { place, severity, title, sentence, service } = trouble
    const { guild, project, environment } = place
    const now = clock.now()
    const route = await routes.match(tx, place, severity, service?.id)
    const quiet = quietUntil({ severity, route, silencedUntil: undefined }, now)
    const id = randomUUID()
    await tx
      .insertInto('incidents')
      .values({
        ...{ id, guild, project, environment, severity, title, sentence, since: trouble.since, opened_at: now },
        number: await nextNumber(tx, guild, 'incident'),
        environment_name: trouble.environment,
        trouble_group: trouble.group,
        state: 'open',
        service_id: service?.id ?? null,
        service_name: service?.name ?? null,
        called: quiet ? 0 : 1,
        called_at: quiet ? null : now,
        call_due: quiet ?? dueAfter(route, 1, now),
        worst: gravity(trouble),
        route: JSON.stringify(route),
        facts: JSON.stringify(trouble.facts ?? []),
        evidence: JSON.stringify(given(trouble)),
        evidence_due: service ? now : null,
      })
      .execute()
    await put(tx, id, trouble)
    const incident = await tell.shown(tx, id)
    await tell.alsoIn(tx, incident, route.channel, quiet ? [] : route.roles)
    await tell.happened(tx, incident, { sentence: `Opened: ${title}. ${sentence}`, inMessage: true })
    if (quiet)
      await tell.happened(tx, incident, {
        sentence: `Nobody is called before ${moment(quiet)} UTC: these are quiet hours.`,
        inMessage: true,
      })
    else if (route.roles.length > 0) await tell.happened(tx, incident, { sentence: calledWords(route, route), inMessage: true })
    return incident
  }

  /** Trouble that is known, or one more of the same group. */
  async function join(tx: Transaction, incident: Kept, trouble: Trouble): Promise<Kept> {
    const known = incident.troubles.find(({ fingerprint }) => fingerprint === trouble.fingerprint)
    const { severity, title, sentence } = trouble
    if (known?.severity === severity && known.title === title && known.sentence === sentence) return incident
    // What is only told in other words began when it did.
    const isSame = known?.severity === severity && known.title === title
    const since = isSame ? known.since : trouble.since
    await put(tx, incident.id, { ...trouble, since })
    const others = incident.troubles.filter((each) => each !== known)
    await lead(tx, incident, [...others, openOne({ ...trouble, since })], clock.now())
    if (isSame) return tell.shown(tx, incident.id)
    const now = (await readIncident(tx, incident.id))!
    const happened = { sentence: `${known ? 'Now' : 'Also'}: ${title}. ${sentence}` }
    const before = Math.max(...incident.troubles.map(gravity))
    if (gravity(trouble) > incident.worst) await callAnew(tx, now, gravity(trouble), happened)
    else if (gravity(trouble) > before) await calls.asBadAgain(tx, now, happened)
    else await tell.happened(tx, now, happened)
    return tell.shown(tx, incident.id)
  }

  async function reopen(tx: Transaction, incident: Kept, trouble: Trouble): Promise<Kept> {
    const { id, acknowledgedBy, cameBack, silencedUntil } = incident
    await put(tx, id, trouble)
    await tx
      .updateTable('incidents')
      .set({
        ...{ resolved_at: null, resolved_by: null, resolved_why: null, came_back: cameBack + 1, call_due: null },
        silenced_until: silencedUntil && silencedUntil > clock.now() ? silencedUntil : null,
        // Whoever took it up has it still.
        state: acknowledgedBy === undefined ? 'open' : 'acknowledged',
      })
      .where('id', '=', id)
      .execute()
    await lead(tx, incident, [openOne(trouble)], clock.now())
    const now = (await readIncident(tx, id))!
    const happened = { sentence: `It came back: ${trouble.title}. ${trouble.sentence}` }
    if (gravity(trouble) > incident.worst) await callAnew(tx, now, gravity(trouble), happened)
    else await calls.back(tx, now, incident, happened)
    return tell.shown(tx, id)
  }

  /** Worse than ever: by the route of its severity now, which may be another than before. Its people see it in their channel. */
  async function callAnew(tx: Transaction, incident: Kept, worst: number, happened: { readonly sentence: string }): Promise<void> {
    const route = await routes.match(tx, incident.place, incident.severity, incident.service?.id)
    const isElsewhere = route.channel !== incident.route.channel
    const called = route.number === incident.route.number ? incident.called : 0
    await tx
      .updateTable('incidents')
      .set({ route: JSON.stringify(route), worst, called })
      .where('id', '=', incident.id)
      .execute()
    if (incident.state === 'open') return calls.again(tx, { ...incident, route, called }, happened, isElsewhere)
    // Whoever acknowledged it takes care of this, too.
    if (isElsewhere) await tell.alsoIn(tx, incident, route.channel, [])
    const taken = `${incident.acknowledgedBy ?? 'Somebody'} acknowledged it, so nobody is called.`
    await tell.happened(tx, incident, { sentence: `${happened.sentence} ${taken}` })
  }

  function comesBack({ resolvedAt, resolvedBy }: Kept): boolean {
    return resolvedBy === undefined && clock.now().getTime() - (resolvedAt?.getTime() ?? 0) <= comesBackWithinMs
  }
}

/** A person resolved it, and this is of before: their word stands. */
function isSettled({ resolvedAt, resolvedBy }: Kept, { since }: Trouble): boolean {
  return resolvedBy !== undefined && resolvedAt !== undefined && since <= resolvedAt
}

/** The same as was told and is over, or how it was before: whoever reports may do so twice, and late. */
async function wasTold(tx: Transaction, { id }: Kept, { fingerprint, since }: Trouble): Promise<boolean> {
  const told = await tx
    .selectFrom('incident_troubles')
    .select('incident')
    .where('incident', '=', id)
    .where('fingerprint', '=', fingerprint)
    .where('since', '>=', since)
    .where('over_at', 'is not', null)
    .executeTakeFirst()
  return told !== undefined
}

async function lastOf(tx: Transaction, { guild, project, environment }: Place, group: string): Promise<Kept | undefined> {
  const row = await tx
    .selectFrom('incidents')
    .selectAll()
    .where('guild', '=', guild)
    .where('project', '=', project)
    .where('environment', '=', environment)
    .where('trouble_group', '=', group)
    .where('resolved_at', 'is not', null)
    .orderBy('resolved_at', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst()
  return row && (await withTroubles(tx, [row]))[0]
}

/** Numbers count up in each guild. Whoever takes one keeps the others waiting until the end of the transaction. */
export async function nextNumber(tx: Transaction, guild: string, kind: 'incident' | 'route'): Promise<number> {
  const { last } = await tx
    .insertInto('incident_counters')
    .values({ guild, kind, last: 1 })
    .onConflict((conflict) =>
      conflict.columns(['guild', 'kind']).doUpdateSet((row) => ({ last: sql`${row.ref('incident_counters.last')} + 1` })),
    )
    .returning('last')
    .executeTakeFirstOrThrow()
  return last
}
