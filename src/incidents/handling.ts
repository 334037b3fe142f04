import type { Store, Transaction } from '#src/adapters/store/store.ts'
import { actorName } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { UserError } from '#src/kernel/errors.ts'
import { moment } from '#src/kernel/say.ts'
import type { Calls } from './calls.ts'
import { refuseResolved } from './ending.ts'
import { callsOf, type Kept } from './incident.ts'
import type { Incident, Incidents } from './incidents.ts'
import { quietUntil } from './quiet-hours.ts'
import { lockIncident } from './rows.ts'
import type { Tell } from './tell.ts'

export interface HandlingParts {
  readonly store: Store
  readonly tell: Tell
  readonly calls: Calls
  readonly clock: Clock
}

/** What people do about an incident that is not over. */
export function createHandling({
  store,
  tell,
  calls,
  clock,
}: HandlingParts): Pick<Incidents, 'acknowledge' | 'silence' | 'endSilence' | 'escalate' | 'summon'> {
  /** Holds the incident: of any number of presses at the same moment each sees what the one before it did. */
  const handle = (id: string, act: (tx: Transaction, incident: Kept) => Promise<void>): Promise<Incident> =>
    store.db.transaction().execute(async (tx) => {
      const incident = await lockIncident(tx, id)
      if (!incident) throw new UserError('There is no such incident, so nothing was done.')
      refuseResolved(incident)
      await act(tx, incident)
      return tell.shown(tx, id)
    })

  return {
    acknowledge: (id, by) =>
      handle(id, async (tx, incident) => {
        const name = actorName(by)
        if (incident.state === 'acknowledged') {
          throw new UserError(
            `${incident.acknowledgedBy ?? 'Somebody'} acknowledged incident ${incident.number} already, so nothing was done.`,
          )
        }
        const taken = { state: 'acknowledged', acknowledged_by: name, acknowledged_at: clock.now() } as const
        // Nobody else is called; a silence still says when it ends.
        const isSilent = incident.silencedUntil !== undefined
        await tx
          .updateTable('incidents')
          .set({ ...taken, ...(!isSilent && { call_due: null }) })
          .where('id', '=', id)
          .execute()
        await tell.callOff(tx, incident)
        await tell.happened(tx, incident, { sentence: `${name} acknowledged it.`, by: name })
      }),

    silence: (id, until, by) =>
      handle(id, async (tx, incident) => {
        if (until <= clock.now()) throw new UserError('A silence must end later than now, so nothing was done.')
        await tx.updateTable('incidents').set({ silenced_until: until, call_due: until }).where('id', '=', id).execute()
        const name = actorName(by)
        await tell.happened(tx, incident, { sentence: `${name} silenced it until ${moment(until)} UTC.`, by: name })
      }),

    endSilence: (id, by) =>
      handle(id, async (tx, incident) => {
        if (!incident.silencedUntil) throw new UserError(`Incident ${incident.number} is not silenced, so nothing was done.`)
        await tx.updateTable('incidents').set({ silenced_until: null, call_due: null }).where('id', '=', id).execute()
        const name = actorName(by)
        const sentence = `${name} ended the silence.`
        if (incident.state === 'open') await calls.again(tx, { ...incident, silencedUntil: undefined }, { sentence, by: name })
        else await tell.happened(tx, incident, { sentence, by: name })
      }),

    escalate: (id, by) =>
      handle(id, async (tx, incident) => {
        if (incident.called >= callsOf(incident.route).length) {
          throw new UserError(
            `Nobody further is to be called for incident ${incident.number}, so nothing was done. An admin can add an escalation: /alerts route add.`,
          )
        }
        const name = by && actorName(by)
        await calls.next(tx, incident, {
          sentence: name === undefined ? 'Nobody acknowledged it in time, so the next ones are called.' : `${name} escalated it.`,
          ...(name !== undefined && { by: name }),
        })
      }),

    summon: (id, why, once) =>
      store.db.transaction().execute(async (tx) => {
        const incident = await lockIncident(tx, id)
        if (!incident || incident.state === 'resolved' || (await wasNoted(tx, id, once))) return
        const isLast = incident.called >= callsOf(incident.route).length
        const call = isLast || quietUntil(incident, clock.now()) ? calls.again : calls.next
        await call(tx, incident, { sentence: why, once })
        await tell.shown(tx, id)
      }),
  }
}

async function wasNoted(tx: Transaction, incident: string, once: string): Promise<boolean> {
  const noted = tx.selectFrom('incident_timeline').select('id').where('incident', '=', incident).where('once', '=', once)
  return (await noted.executeTakeFirst()) !== undefined
}
