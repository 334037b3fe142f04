import type { Verdict } from '#src/alerts/standing.ts'
import type { DeploymentRef } from '#src/kernel/directory.ts'
import type { OpenOperation } from '#src/operations/operations.ts'
import type { Decision } from '#src/policies/decision.ts'
import type { Round } from '#src/policies/rounds.ts'
import type { ServiceSignals } from '#src/signals/signals.ts'
import type { HealRules } from './heal-rules.ts'
import type { HealState } from './heal-state.ts'

/** What the policy's condition says of a reading. */
export interface ConditionRead {
  readonly verdict: Verdict
  /** It is held to be so still, and was not when it was read last: its time runs on, and nothing is done at this reading. */
  readonly easing?: true
  /** What was read, in a sentence or two: `api is down. No replica runs.` */
  readonly sentence: string
  /** How long it has to be so before anything is done, in ms. */
  readonly forMs: number
  /** Since when it is so by its own account, in ms since 1970; undefined: since it was read first. */
  readonly since: number | undefined
}

/** Everything that a healing policy decides from. */
export interface HealSight extends Pick<Round<HealRules, HealState>, 'policy' | 'state' | 'past' | 'stop'> {
  /** When it was read, in ms since 1970. */
  readonly now: number
  /** Nobody looked for so long that what was only pending begins again. */
  readonly gapped: boolean
  /** Undefined: it is not in the environment any more. */
  readonly service: ServiceSignals | undefined
  readonly condition: ConditionRead
  /** Changes of this service that are under way, whoever asked for them. */
  readonly open: readonly OpenOperation[]
  /** Its deployments, newest first; undefined where they are not known. */
  readonly history: readonly DeploymentRef[] | undefined
}

export interface HealDecided {
  readonly state: HealState
  readonly decision?: Decision
}

/** What decisions of healing are called. Others are the steps themselves. */
export const verdicts = {
  held: 'waits',
  called: 'waits, calls people',
  skipped: 'left out',
  gaveUp: 'gave up',
  wouldGiveUp: 'would give up',
  well: 'well again',
  gone: 'gone',
} as const
