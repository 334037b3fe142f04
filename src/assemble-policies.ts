import type { Store } from './adapters/store/store.ts'
import type { Audit } from './audit/audit.ts'
import type { Capabilities } from './capabilities.ts'
import type { Delivery } from './delivery/delivery.ts'
import { createHealing, type HealingParts } from './healing/create-healing.ts'
import { healShape } from './healing/heal-shape.ts'
import type { Place } from './kernel/call.ts'
import type { Clock } from './kernel/clock.ts'
import type { CommandBook } from './kernel/command-book.ts'
import type { Directory } from './kernel/directory.ts'
import type { Log } from './kernel/log.ts'
import type { Operations } from './operations/operations.ts'
import { createPolicies } from './policies/create-policies.ts'
import { createRounds, type RoundsParts } from './policies/create-rounds.ts'
import { createPolicyStops } from './policies/create-stops.ts'
import { createWarrants } from './policies/create-warrants.ts'
import type { PolicyKind } from './policies/policy.ts'
import { createScaling, type ScalingParts } from './scaling/create-scaling.ts'
import { createReadQueues, type QueuesParts } from './scaling/queues.ts'
import { scaleShape } from './scaling/scale-shape.ts'

export interface PoliciesGiven extends Pick<RoundsParts<unknown, unknown>, 'ask' | 'answerTo'>, Pick<ScalingParts, 'access'>, QueuesParts {
  readonly operations: Operations
  readonly delivery: Delivery
  readonly store: Store
  readonly audit: Audit
  readonly directory: Directory
  readonly book: CommandBook
  readonly clock: Clock
  readonly log: Log
}

/** What is known by others by the time that policies decide. */
export type PoliciesOver = Pick<HealingParts, 'signals' | 'alerts' | 'incidents'> & Pick<ScalingParts, 'signals' | 'consciousness'>

/** What Helix does by itself, as far as people confirmed it. */
export function assemblePolicies(given: PoliciesGiven, over: PoliciesOver) {
  const { store } = given
  const policyStops = createPolicyStops(given)
  const common = { ...given, stops: policyStops }
  const healing = createHealing({
    ...common,
    ...over,
    policies: createPolicies({ ...given, shape: healShape }),
    rounds: createRounds({ ...common, shape: healShape }),
  })
  const scaling = createScaling({ ...common, ...over, readQueues: createReadQueues(given) })
  return {
    capabilities: { healing, policyStops, scaling } satisfies Partial<Capabilities>,
    /** For the guards that a call of Helix itself comes by. */
    warrants: createWarrants({ store, shapes: { heal: healShape, scale: scaleShape }, stops: policyStops }),
    /** By name, of an environment. */
    async names({ guild, project, environment }: Place, kind: PolicyKind): Promise<readonly string[]> {
      const there = store.db.selectFrom('policies').select('name').where('guild', '=', guild).where('project', '=', project)
      const rows = await there.where('environment', '=', environment).where('kind', '=', kind).orderBy('name').execute()
      return rows.map(({ name }) => name)
    },
    /** Forgets what was decided before. */
    async prune(before: Date) {
      await store.db.deleteFrom('policy_decisions').where('at', '<', before).execute()
      await scaling.prune(before)
    },
  }
}
