import type { DeploymentRef } from '#src/kernel/directory.ts'
import { version } from '#src/kernel/say.ts'

/** What never served, or not yet, brought nothing. */
const neverServed = new Set(['FAILED', 'SKIPPED', 'QUEUED', 'INITIALIZING', 'BUILDING', 'DEPLOYING', 'WAITING', 'NEEDS_APPROVAL'])

/** Whoever goes back from a version does it within a day of its coming. */
const wentBackWithinMs = 24 * 3_600_000

/** A time in which one version served, deployed once or several times over. */
export interface VersionRun {
  readonly key: string
  /** Its newest deployment. */
  readonly from: DeploymentRef
  /** When its first deployment came. */
  readonly begun: Date
  /** Since when the version is known to have served well: of one that people went back to, since it was there first. */
  readonly provenSince: Date
  /** People, or Helix, went back to it. */
  readonly isReturn: boolean
  /** Versions that had been left for an older one by then, and were not tried again since. */
  readonly condemned: readonly string[]
}

/**
 * What served one after the other, oldest first. Where a version comes back that served a day before at most, whatever served between is bad:
 * somebody went back from it, whether by Helix, by Railway's page, or by deploying the old commit. Where that is a bad one itself, it is tried once more, and nothing is
 * said of what served between. `history`: newest first.
 */
export function versionRuns(history: readonly DeploymentRef[]): readonly VersionRun[] {
  const runs: VersionRun[] = []
  for (const from of history.filter(({ status }) => !neverServed.has(status)).toReversed()) {
    const key = version(from)
    const last = runs.at(-1)
    if (last?.key === key) runs[runs.length - 1] = { ...last, from }
    else runs.push(next(runs, key, from))
  }
  return runs
}

function next(runs: readonly VersionRun[], key: string, from: DeploymentRef): VersionRun {
  const bad = runs.at(-1)?.condemned ?? []
  const begun = { key, from, begun: from.createdAt, provenSince: from.createdAt, isReturn: false }
  const before = runs.findLastIndex((each) => each.key === key)
  if (before < 0) return { ...begun, condemned: bad }
  if (bad.includes(key)) return { ...begun, condemned: bad.filter((each) => each !== key) }
  const between = runs.slice(before + 1)
  // What served well for days is not what somebody went back from: the old version is a deployment like any other.
  if (between.some((each) => from.createdAt.getTime() - each.begun.getTime() > wentBackWithinMs)) return { ...begun, condemned: bad }
  return {
    ...begun,
    isReturn: true,
    provenSince: runs[before]!.provenSince,
    condemned: [...new Set([...bad, ...between.map((each) => each.key)])],
  }
}
