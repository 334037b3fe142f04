import type { Call } from '#src/kernel/call.ts'
import type { Policy } from './policy.ts'

/**
 * Helix itself may do exactly what a live policy says, no more: a call of its own is covered where it names the version of a policy that acts,
 * for this command with arguments that the policy allows, and nothing is stopped.
 */
export interface Warrants {
  covering(call: Call): Promise<Policy | undefined>
}

/** Whether a policy's rules allow a call of that command on its service. */
export type Permits<Rules> = (policy: Policy<Rules>, command: string, given: Readonly<Record<string, unknown>>) => boolean
