import { sql } from 'kysely'
import type { Store } from '#src/adapters/store/store.ts'
import { actorName } from '#src/kernel/call.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Operation } from './operation.ts'

const channel = 'operation_settled'
const LONGEST = 1_000

/** Tells every process (the gateway, other workers) that an operation came to its end, whoever carried it out. */
export interface SettledNews {
  /** Never throws: readings are then old for some seconds, and the log says so. */
  tell(operation: Operation): void
  /** The payload is as it was told, not checked: the event's schema does that. */
  listen(onSettled: (told: unknown) => void): Promise<{ stop(): Promise<void> }>
}

export function createSettledNews({ store, log }: { readonly store: Store; readonly log: Log }): SettledNews {
  return {
    tell({ id, place, change, environment, actor, sentence, status, verdict }) {
      const names = {
        kind: change.kind,
        service: change.service.name,
        serviceId: change.service.id,
        environment: environment.name,
        by: actorName(actor),
      }
      const told = JSON.stringify({ id, place, ...names, status, sentence: beginning(verdict?.sentence ?? sentence) })
      sql`SELECT pg_notify(${channel}, ${told})`
        .execute(store.db)
        .catch((err: unknown) => log.warn({ err, operation: id }, 'the end of an operation could not be told'))
    },
    listen: (onSettled) =>
      store.listen(channel, (payload) => {
        // Empty after a lost connection: something may have been missed, and readings that are that old were read anew by then.
        if (payload !== '') onSettled(JSON.parse(payload))
      }),
  }
}

/** NOTIFY carries at most 8,000 bytes. */
function beginning(sentence: string): string {
  return sentence.length > LONGEST ? `${sentence.slice(0, LONGEST - 1).toWellFormed()}…` : sentence
}
