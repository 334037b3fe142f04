import type { ServiceRef } from '#src/kernel/directory.ts'
import type { Verdict } from '../standing.ts'

/** What a rule reads of one thing. */
export interface Look {
  readonly subject: string
  /** The same for people; left out: the subject. */
  readonly of?: string
  readonly verdict: Verdict
  readonly title: string
  readonly reads: string
  readonly group: string
  readonly service?: ServiceRef
  /** Lines of a log, secrets masked. */
  readonly lines?: readonly string[]
}
