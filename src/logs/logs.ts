import type { LogLine } from '#src/adapters/railway/railway.ts'
import type { Place } from '#src/kernel/call.ts'
import type { DeploymentRef, ServiceRef } from '#src/kernel/directory.ts'

export interface LogRead {
  readonly deployment: DeploymentRef
  /** Oldest first; secrets masked. */
  readonly lines: readonly LogLine[]
}

export interface LogRequest {
  readonly service: ServiceRef
  /** Undefined: what serves, else what was tried last. */
  readonly deployment: DeploymentRef | undefined
  readonly kind: 'deploy' | 'build'
  /** Plain text that a line must hold, or a Railway filter beginning with @. */
  readonly filter: string | undefined
  /** The newest so many. */
  readonly lines: number
  /** Left out: from the beginning, to now. */
  readonly since?: Date
  readonly until?: Date
}

export interface Logs {
  /** Throws UserError where the service was never deployed. */
  read(place: Place, request: LogRequest): Promise<LogRead>
}
