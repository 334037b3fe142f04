import type { RailwayAccess } from '#src/adapters/railway/railway.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Jobs } from './jobs.ts'
import { createLedger, type LedgerParts } from './ledger.ts'
import type { Operation } from './operation.ts'
import { createPerform } from './perform.ts'

export interface OperationWorkerParts extends LedgerParts {
  readonly jobs: Jobs
  readonly railway: RailwayAccess
  readonly clock: Clock
  readonly log: Log
  /** An operation came to its end (or to `unknown`), here. Told after it was written; a process that dies in between does not tell. */
  readonly onSettled: (operation: Operation) => void
  /** What must hold when an operation begins: answers why it must not. */
  readonly gate?: (operation: Operation) => Promise<string | undefined>
}

/** Does the operations that anybody started, in whatever process, and takes over those whose worker is gone. */
export function createOperationWorker(parts: OperationWorkerParts): { start(): Promise<void> } {
  const { jobs } = parts
  const perform = createPerform({ ...parts, ledger: createLedger(parts) })
  return { start: () => jobs.work('operations', perform) }
}
