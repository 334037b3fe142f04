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

/** `2 of 3 replicas run; one crashed and is being restarted.` */
export function describeReplicas(counts: ReplicaCounts, wanted: number): string {
  const { running, starting, restarting, crashed, ended, all } = counts
  const some = (count: number) => (count > 1 ? String(count) : wanted === 1 && all === 1 ? 'it' : 'one')
  const trouble = [
    restarting > 0 && `${some(restarting)} crashed and ${restarting === 1 ? 'is' : 'are'} being restarted`,
    crashed > 0 && `${some(crashed)} crashed`,
    ended > 0 && running < wanted && `${some(ended)} ended`,
    starting > 0 && `${some(starting)} ${starting === 1 ? 'is' : 'are'} starting`,
  ].filter((part) => part !== false)
  return `${[howManyRun(running, wanted), ...trouble].join('; ')}.`
}

function howManyRun(running: number, wanted: number): string {
  if (wanted === 1 && running <= 1) return running === 1 ? 'Its one replica runs' : 'Its one replica does not run'
  const replicas = wanted === 1 ? '1 replica' : `${wanted} replicas`
  if (running === 0) return `None of ${replicas} runs`
  return `${running} of ${replicas} ${running === 1 ? 'runs' : 'run'}`
}
