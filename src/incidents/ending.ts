import type { Store, Transaction } from '#src/adapters/store/store.ts'
import { actorName } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { Kept } from './incident.ts'
import type { Incidents } from './incidents.ts'
import { lockIncident } from './rows.ts'
import type { Tell } from './tell.ts'
import { lead } from './troubles.ts'

export interface EndingParts {
  readonly store: Store
  readonly tell: Tell
  readonly clock: Clock
}

/** How incidents end: with the last of their troubles, or by a person's word, after which nothing else counts. */
export function createEnding({ store, tell, clock }: EndingParts): Pick<Incidents, 'over' | 'resolve'> {
  return {
    over: ({ guild, project, environment }, fingerprint, sentence) =>
      store.db.transaction().execute(async (tx) => {
        const trouble = await tx
          .selectFrom('incident_troubles')
          .select('incident')
          .where('guild', '=', guild)
          .where('project', '=', project)
          .where('environment', '=', environment)
          .where('fingerprint', '=', fingerprint)
          .where('over_at', 'is', null)
          .executeTakeFirst()
        const incident = trouble && (await lockIncident(tx, trouble.incident))
        const ended = incident?.troubles.find((each) => each.fingerprint === fingerprint)
        // Another process was first, or a person resolved it.
        if (!incident || !ended) return undefined
        await endTroubles(tx, incident, fingerprint)
        const left = incident.troubles.filter((each) => each !== ended)
        if (left.length === 0) return end(tx, incident, undefined, sentence)
        await lead(tx, incident, left, clock.now())
        await tell.happened(tx, incident, { sentence: `No longer: ${ended.title}. ${sentence}` })
        return tell.shown(tx, incident.id)
      }),

    resolve: (id, by, why) =>
      store.db.transaction().execute(async (tx) => {
        const incident = await lockIncident(tx, id)
        if (!incident) throw new UserError('There is no such incident, so nothing was done.')
        refuseResolved(incident)
        await endTroubles(tx, incident)
        return end(tx, incident, actorName(by), why)
      }),
  }

  async function endTroubles(tx: Transaction, { id }: Kept, fingerprint?: string): Promise<void> {
    const ended = tx.updateTable('incident_troubles').set({ over_at: clock.now() }).where('incident', '=', id).where('over_at', 'is', null)
    await (fingerprint === undefined ? ended : ended.where('fingerprint', '=', fingerprint)).execute()
  }

  async function end(tx: Transaction, incident: Kept, by: string | undefined, why: string): Promise<Kept> {
    const resolved = { resolved_at: clock.now(), resolved_by: by ?? null, resolved_why: why }
    await tx
      .updateTable('incidents')
      // What comes back by itself is silenced still, and the next ones are called when they were to be.
      .set({ state: 'resolved', ...resolved, evidence_due: null, ...(by !== undefined && { call_due: null, silenced_until: null }) })
      .where('id', '=', incident.id)
      .execute()
    // Whom nobody could tell was not called: where it comes back, they are.
    if (await tell.callOff(tx, incident))
      await tx.updateTable('incidents').set({ called: 0, called_at: null }).where('id', '=', incident.id).execute()
    const who = by === undefined ? 'It resolved by itself' : `${by} resolved it`
    await tell.happened(tx, incident, { sentence: `${who}${why === '' ? '.' : `: ${why}`}`, ...(by !== undefined && { by }) })
    return tell.shown(tx, incident.id)
  }
}

/** A resolve wins every race. */
export function refuseResolved({ number, resolvedAt, resolvedBy }: Kept): void {
  if (!resolvedAt) return
  throw new UserError(
    `Incident ${number} is resolved already, ${resolvedBy === undefined ? 'by itself' : `by ${resolvedBy}`}. Nothing was done.`,
  )
}
