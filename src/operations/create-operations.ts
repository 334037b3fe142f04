import type { RailwayAccess } from '#src/adapters/railway/railway.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import type { References } from '#src/references/references.ts'
import type { Jobs } from './jobs.ts'
import { createKeeping } from './keeping.ts'
import type { LedgerParts } from './ledger.ts'
import { lockedError, readLock } from './locks.ts'
import type { Operation } from './operation.ts'
import { isOperationId } from './operation-id.ts'
import type { Operations } from './operations.ts'
import { planOf, workOut } from './plan.ts'
import { createSettle } from './settle.ts'
import { createStart } from './start.ts'

export interface OperationsParts extends LedgerParts {
  readonly railway: RailwayAccess
  readonly jobs: Jobs
  readonly references: Pick<References, 'consume'>
  readonly clock: Clock
  readonly log: Log
  /** It is written down, and a worker may have it already. */
  readonly onStarted?: (operation: Operation) => void
  /** A person said how an operation ended. */
  readonly onSettled: (operation: Operation) => void
}

export function createOperations(parts: OperationsParts): Operations {
  const { store, railway, delivery, clock } = parts
  return {
    async plan(change, place) {
      const lock = await readLock(store.db, place, change.service.id)
      // First of all: what Railway shows meanwhile is the doing of whoever holds it.
      if (lock?.environment_name) throw lockedError(lock, `${change.service.name} in ${lock.environment_name}`, clock)
      const worked = await workOut(await railway(place), change, place)
      if (lock) throw lockedError(lock, `${change.service.name} in ${worked.environment.name}`, clock)
      return planOf(change, place, worked)
    },
    start: createStart(parts),
    settle: createSettle(parts),
    ...createKeeping(store),
    show: (operation) => (isOperationId(operation) ? delivery.newest(operation) : Promise.resolve(undefined)),
    async open({ guild, project, environment }) {
      const rows = await store.db
        .selectFrom('operations')
        .selectAll()
        .where('guild', '=', guild)
        .where('project', '=', project)
        .where('environment', '=', environment)
        .where('status', 'in', ['queued', 'running', 'unknown'])
        .orderBy('created_at')
        .execute()
      return rows.map((row) => ({
        id: row.id,
        kind: row.change.kind,
        service: row.service_name,
        environment: row.environment_name,
        status: row.status,
        by: row.actor.kind === 'helix' ? 'Helix' : row.actor.name,
        since: row.created_at,
      }))
    },
  }
}
