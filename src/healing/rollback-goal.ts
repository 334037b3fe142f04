import { suspectWithinMs } from '#src/incidents/gather.ts'
import { sayDuration } from '#src/kernel/arguments/duration.ts'
import type { DeploymentRef } from '#src/kernel/directory.ts'
import { version } from '#src/kernel/say.ts'

/** What never served, or not yet, brought nothing. */
const neverServed = new Set(['FAILED', 'SKIPPED', 'QUEUED', 'INITIALIZING', 'BUILDING', 'DEPLOYING', 'WAITING', 'NEEDS_APPROVAL'])

/** Where a rollback goes, or, as a sentence's end, why there is none. */
export type RollbackGoal = { readonly to: DeploymentRef; readonly from: DeploymentRef } | { readonly none: string }

/**
 * Back from the deployment after which the trouble began to the one before it. Whatever was deployed since the trouble began (the same version
 * once more, by an earlier step) is neither. `history`: newest first.
 */
export function rollbackGoal(history: readonly DeploymentRef[], troubleSince: number): RollbackGoal {
  const before = history.filter(({ createdAt, status }) => createdAt.getTime() <= troubleSince && !neverServed.has(status))
  const [suspect, ...earlier] = before
  if (!suspect) return { none: 'no deployment of before the trouble is known' }
  const ageMs = troubleSince - suspect.createdAt.getTime()
  if (ageMs > suspectWithinMs) {
    return {
      none: `the trouble began ${sayDuration(ageMs)} after the newest deployment (${version(suspect)}), which is not what brought it`,
    }
  }
  const to = earlier.find(({ canRollback }) => canRollback)
  return to ? { to, from: suspect } : { none: `there is no deployment before ${version(suspect)} that can be brought back` }
}
