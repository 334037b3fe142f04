import type { z } from 'zod'
import type { Policy, PolicyKind } from './policy.ts'
import type { Permits } from './warrants.ts'

/** Which policy, and of which service. */
export type PolicyOf = Pick<Policy, 'name' | 'service'>

/** What makes a kind of policy: the one definition of its rules, of what is kept between two decisions, and of what it may ever call. */
export interface PolicyShape<Rules, State> {
  readonly kind: PolicyKind
  /** As people write them, read. */
  readonly rules: z.ZodType<Rules>
  readonly state: z.ZodType<State>
  /** What there may not be beside the others of the place; asked while nobody else sets one there. Throws UserError. */
  readonly fits?: (policy: PolicyOf, others: readonly PolicyOf[]) => void
  readonly permits: Permits<Rules>
  /** Whether its operations get a message of their own in the channel where the policy was set. */
  readonly announces: boolean
}
