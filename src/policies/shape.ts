import type { z } from 'zod'
import type { PolicyKind } from './policy.ts'
import type { Permits } from './warrants.ts'

/** What makes a kind of policy: the one definition of its rules, of what is kept between two decisions, and of what it may ever call. */
export interface PolicyShape<Rules, State> {
  readonly kind: PolicyKind
  /** As people write them, read. */
  readonly rules: z.ZodType<Rules>
  readonly state: z.ZodType<State>
  readonly permits: Permits<Rules>
  /** Whether its operations get a message of their own in the channel where the policy was set. */
  readonly announces: boolean
}
