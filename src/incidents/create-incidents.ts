import type { Store } from '#src/adapters/store/store.ts'
import type { Delivery } from '#src/delivery/delivery.ts'
import type { Call } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Directory } from '#src/kernel/directory.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Report } from '#src/kernel/report.ts'
import type { Logs } from '#src/logs/logs.ts'
import { createCalls } from './calls.ts'
import { createEnding } from './ending.ts'
import { createGather } from './gather.ts'
import { createHandling } from './handling.ts'
import { incidentReport } from './incident-report.ts'
import type { Incidents } from './incidents.ts'
import { createLooking } from './looking.ts'
import { createOpening } from './opening.ts'
import { createOperationNotes } from './operation-notes.ts'
import type { AlertRoutes } from './routes.ts'
import { lockIncident } from './rows.ts'
import { createTell } from './tell.ts'
import { createWatch } from './watch.ts'

export interface IncidentsParts {
  readonly store: Store
  readonly delivery: Pick<Delivery, 'post' | 'note' | 'revise' | 'callOff' | 'watch'>
  readonly routes: Pick<AlertRoutes, 'match'>
  readonly directory: Pick<Directory, 'deployments'>
  readonly logs: Logs
  readonly clock: Clock
  readonly log: Log
}

export function createIncidents({ store, delivery, routes, directory, logs, clock, log }: IncidentsParts): Incidents {
  const tell = createTell({ delivery, clock, log })
  const calls = createCalls({ tell, clock })
  const report = createOpening({ store, routes, tell, calls, clock })
  const gather = createGather({ store, directory, logs, log })
  const watch = createWatch({ store, tell, calls, gather, clock, log })
  const looking = createLooking({ store })
  return {
    async report(trouble) {
      const told = await report(trouble)
      // What led to it is found out at once.
      watch.wake()
      return told
    },
    ...createEnding({ store, tell, clock }),
    ...createHandling({ store, tell, calls, clock }),
    ...looking,
    note: (id, sentence, once) =>
      store.db.transaction().execute(async (tx) => {
        const incident = await lockIncident(tx, id)
        if (!incident) throw new UserError('There is no such incident, so nothing was noted.')
        await tell.happened(tx, incident, { sentence, ...(once !== undefined && { once }) })
      }),
    remark: (id, fact) =>
      store.db.transaction().execute(async (tx) => {
        const incident = await lockIncident(tx, id)
        if (!incident) return
        const facts = [...incident.facts.filter(({ label }) => label !== fact.label), fact]
        await tx
          .updateTable('incidents')
          .set({ facts: JSON.stringify(facts) })
          .where('id', '=', id)
          .execute()
        await tell.shown(tx, id)
      }),
    operation: createOperationNotes({ store, tell }),
    async show(call, number) {
      const { id } = await looking.numbered(call.place, number)
      return shown(call, id)
    },
    answer: async (call, { id, number, title }, sentence) =>
      call.door === 'button' ? shown(call, id) : { title: `Incident ${number}: ${title}`, tone: 'good', sentence },
    start: watch.start,
    stop: watch.stop,
  }

  /** A button's message is kept up to date already, where that can be. */
  function shown({ reply, door }: Call, id: string): Promise<Report> {
    return store.db.transaction().execute(async (tx) => {
      const incident = await lockIncident(tx, id)
      if (!incident) throw new Error(`incident ${id} is gone`)
      const report = incidentReport(incident)
      if (door === 'button') return { ...report, operation: id }
      if (incident.state === 'resolved' || !reply) return report
      await tell.shown(tx, id)
      await delivery.watch(tx, { subject: id, place: incident.place, message: reply })
      return { ...report, operation: id }
    })
  }
}
