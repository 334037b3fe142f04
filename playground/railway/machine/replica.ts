/** https://docs.railway.com/reference/deployments, as the schema's enum DeploymentInstanceStatus. */
export type ReplicaStatus =
  | 'CRASHED'
  | 'CREATED'
  | 'EXITED'
  | 'INITIALIZING'
  | 'REMOVED'
  | 'REMOVING'
  | 'RESTARTING'
  | 'RUNNING'
  | 'STOPPED'

/** One copy of a deployment. */
export interface Replica {
  readonly id: string
  readonly region: string
  readonly status: ReplicaStatus
  /** It crashed more often than its restart policy allows, or ended by itself. */
  readonly givenUp: boolean
  /** undefined while no process runs, and always for simulated services. */
  readonly pid: number | undefined
  readonly port: number | undefined
  /** Bytes that the edge passed on to it, and from it. */
  readonly traffic: { received: number; sent: number }
  start(): void
  /** SIGTERM, and SIGKILL when it has not ended after that many seconds. `as` is its status afterwards. */
  stop(drainSeconds: number, as: 'REMOVED' | 'STOPPED'): Promise<void>
  /**
   * SIGKILL; answers the process that it hit. `forGood`: what its restart policy starts in its place ends at once as well, until the policy gives it
   * up or `restart` gives it a container that is whole.
   */
  kill(forGood: boolean): number | undefined
  /** Ends its process and starts it anew, at once and with all its retries. At once RESTARTING. */
  restart(drainSeconds: number): void
}
