import { suspectWithinMs } from '#src/incidents/gather.ts'
import { sayDuration } from '#src/kernel/arguments/duration.ts'
import type { DeploymentRef } from '#src/kernel/directory.ts'
import { version } from '#src/kernel/say.ts'
import { type VersionRun, versionRuns } from './version-runs.ts'

/** Where a rollback goes, or, as a sentence's end, why there is none. */
export type RollbackGoal = { readonly to: DeploymentRef; readonly from: DeploymentRef } | { readonly none: string }

/**
 * Back from the version after which the trouble began to one that was there before it, and that nobody had to leave: never to a version that was
 * rolled back from, failed, crashed or was ill in this trouble, nor to the one that serves. `history`: newest first.
 */
export function rollbackGoal(history: readonly DeploymentRef[], troubleSince: number, serving?: DeploymentRef): RollbackGoal {
  const runs = versionRuns(history)
  const suspect = runs.findLast(({ begun }) => begun.getTime() <= troubleSince)
  if (!suspect) return { none: 'no deployment of before the trouble is known' }
  const ageMs = troubleSince - suspect.provenSince.getTime()
  if (ageMs > suspectWithinMs) {
    const what = suspect.isReturn ? `${version(suspect.from)} was there first, before it was brought back` : 'the newest deployment'
    const after = suspect.isReturn ? `after ${what},` : `after ${what} (${version(suspect.from)}),`
    return { none: `the trouble began ${sayDuration(ageMs)} ${after} which is not what brought it` }
  }
  const ill = runs.filter(({ from }) => from.createdAt.getTime() > troubleSince).map(({ key }) => key)
  const shunned = new Set([...ill, suspect.key, ...leftForGood(runs), ...failedLast(history)])
  if (serving) shunned.add(version(serving))
  const earlier = history.filter(({ createdAt }) => createdAt < suspect.begun)
  const to = earlier.find((each) => each.canRollback && !shunned.has(version(each)))
  if (to) return { to, from: runs.at(-1)!.from }
  const bad = earlier.find((each) => each.canRollback && version(each) !== suspect.key)
  const because = bad ? ` but what was left as bad, such as ${version(bad)}` : ''
  return { none: `there is no deployment before ${version(suspect.from)} that can be brought back${because}` }
}

function leftForGood(runs: readonly VersionRun[]): readonly string[] {
  return runs.at(-1)?.condemned ?? []
}

/** Versions that came to nothing when they were deployed last. */
function failedLast(history: readonly DeploymentRef[]): readonly string[] {
  const newest = new Map<string, DeploymentRef>()
  for (const each of history) if (!newest.has(version(each))) newest.set(version(each), each)
  return [...newest].filter(([, { status }]) => status === 'FAILED' || status === 'CRASHED').map(([key]) => key)
}
