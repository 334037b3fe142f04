import { sayDollars } from '#src/alerts/limit.ts'
import { count, version } from '#src/kernel/say.ts'
import type { Act } from '#src/policies/decision.ts'
import { replicaPerMonth } from '#src/policies/replica-price.ts'
import type { HealStep } from './heal-rules.ts'
import type { HealSight } from './heal-sight.ts'
import type { Episode } from './heal-state.ts'
import { sayInFull } from './heal-words.ts'
import { rollbackGoal } from './rollback-goal.ts'

/** A step worked out: the act, in words as a person would ask for it; or why it cannot be, as a sentence's end; or it cannot be known yet. */
export type Worked = { readonly act: Act; readonly words: string } | { readonly skip: string } | 'later'

export function workOut(step: HealStep, sight: HealSight, episode: Pick<Episode, 'began'>): Worked {
  const { name, id } = sight.policy.service
  const given = { service: id }
  switch (step.do) {
    case 'restart':
      return { act: { command: 'restart', arguments: given }, words: `Restart ${name}` }
    case 'redeploy':
      return { act: { command: 'redeploy', arguments: given }, words: `Redeploy ${name}` }
    case 'run': {
      return { act: { command: step.command, arguments: step.arguments }, words: `Run ${sayInFull(step)}` }
    }
    case 'rollback': {
      if (!sight.history) return 'later'
      const goal = rollbackGoal(sight.history, episode.began, sight.service?.serving)
      if ('none' in goal) return { skip: goal.none }
      const words = `Roll ${name} back from ${version(goal.from)} to ${version(goal.to)}`
      return { act: { command: 'rollback', arguments: { ...given, deployment: goal.to.id } }, words }
    }
    case 'scale':
      return scaled(step, sight)
  }
}

function scaled({ by, most }: Extract<HealStep, { do: 'scale' }>, { policy, service }: HealSight): Worked {
  if (!service) return 'later'
  const { name, id } = policy.service
  const { dollars } = policy.rules
  const { wanted } = service.replicas
  const replicas = Math.min(most, wanted + by)
  if (replicas <= wanted) return { skip: `${name} is set to ${count(wanted, 'replica')}, and the policy allows ${most}` }
  const each = replicaPerMonth(service)
  if (dollars !== undefined) {
    if (each === undefined)
      return { skip: `what a replica of ${name} costs is not known, and the policy may spend ${sayDollars(dollars)} a month` }
    const total = each * replicas
    if (total > dollars) {
      return {
        skip: `${count(replicas, 'replica')} of ${name} would cost ${sayDollars(total)} a month, and the policy may spend ${sayDollars(dollars)}`,
      }
    }
  }
  const dollarsPerMonth = each === undefined ? {} : { dollarsPerMonth: each * (replicas - wanted) }
  const words = `Scale ${name} from ${wanted} to ${count(replicas, 'replica')}`
  return { act: { command: 'scale', arguments: { service: id, replicas }, ...dollarsPerMonth }, words }
}
