import type { DeploymentState, ServiceState } from '#src/adapters/railway/railway.ts'

export interface ReplicaCounts {
  readonly running: number
  readonly starting: number
  readonly restarting: number
  readonly crashed: number
  /** Exited or stopped. */
  readonly ended: number
  /** Without those that were removed. */
  readonly all: number
}

/** Counts a deployment's replicas by Railway's enum DeploymentInstanceStatus; one it does not list yet counts as starting. */
export function countReplicas({ instances }: DeploymentState): ReplicaCounts {
  const present = instances.filter(({ status }) => status !== 'REMOVED' && status !== 'REMOVING' && status !== 'SKIPPED')
  const count = (...statuses: readonly string[]) => present.filter(({ status }) => statuses.includes(status)).length
  const running = count('RUNNING')
  const restarting = count('RESTARTING')
  const crashed = count('CRASHED')
  const ended = count('EXITED', 'STOPPED')
  return { running, restarting, crashed, ended, all: present.length, starting: present.length - running - restarting - crashed - ended }
}

/** How many replicas ought to run: what the deployment that serves was made with, else what is configured. */
export function wantedReplicas(serving: DeploymentState, service: ServiceState): number {
  const own = Object.values(serving.regions).reduce((sum, count) => sum + count, 0)
  return own || service.replicas
}

/** `2 of 3 replicas run; one restarts again and again.` */
export function describeReplicas(counts: ReplicaCounts, wanted: number): string {
  const { running, starting, restarting, crashed, ended } = counts
  const trouble = [
    restarting > 0 && `${many(restarting)} ${restarting === 1 ? 'restarts' : 'restart'} again and again`,
    crashed > 0 && `${many(crashed)} crashed`,
    ended > 0 && running < wanted && `${many(ended)} ended`,
    starting > 0 && `${many(starting)} ${starting === 1 ? 'is' : 'are'} starting`,
  ].filter((part) => part !== false)
  return `${[running === 0 ? `None of ${plural(wanted)} runs` : runningOf(running, wanted), ...trouble].join('; ')}.`
}

function runningOf(running: number, wanted: number): string {
  if (wanted === 1 && running === 1) return 'Its one replica runs'
  return `${running} of ${plural(wanted)} ${running === 1 ? 'runs' : 'run'}`
}

function plural(count: number): string {
  return count === 1 ? '1 replica' : `${count} replicas`
}

function many(count: number): string {
  return count === 1 ? 'one' : String(count)
}
