import type { Store } from '#src/adapters/store/store.ts'
import type { Incidents } from './incidents.ts'
import { lockIncident, readOpen } from './rows.ts'
import type { Tell } from './tell.ts'

/** See Incidents.operation. What began while an incident was open is told to its end, which may come after the incident's. */
export function createOperationNotes({ store, tell }: { readonly store: Store; readonly tell: Tell }): Incidents['operation'] {
  return ({ place, service, operation, stage, sentence }) =>
    store.db.transaction().execute(async (tx) => {
      const open = await readOpen(tx, place, service)
      const began = await tx
        .selectFrom('incident_timeline')
        .select('incident')
        .where('guild', '=', place.guild)
        .where('once', 'like', `operation:${operation}:%`)
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst()
      const id = open?.id ?? began?.incident
      const incident = id === undefined ? undefined : await lockIncident(tx, id)
      if (incident) await tell.happened(tx, incident, { sentence, once: `operation:${operation}:${stage}` })
    })
}
