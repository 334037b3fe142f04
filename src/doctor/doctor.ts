import type { Place } from '#src/kernel/call.ts'
import type { BackendUser } from './backend-users.ts'
import type { Finding } from './finding.ts'
import type { MatrixRow } from './matrix.ts'

/** What the doctor saw. */
export interface Examination {
  /** Worst first, in each state by area. */
  readonly findings: readonly Finding[]
  /** The connection matrix; undefined where the variables of the services may not be read. */
  readonly matrix: readonly MatrixRow[] | undefined
  /** Who asks, as the table `users` of the team's backend knows them, where there is one. */
  readonly you: BackendUser | undefined
  readonly at: Date
}

/** Looks at everything that Helix stands on, and changes nothing. */
export interface Doctor {
  /** Never rejects for what it examines: what cannot be seen is a finding of its own. `member`: Discord's id of who asks. */
  examine(place: Place, member?: string): Promise<Examination>
}
