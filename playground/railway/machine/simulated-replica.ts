import type { Replica, ReplicaStatus } from './replica.ts'

/** A replica without a process: what a test with hundreds of services is made of. */
export function createSimulatedReplica(given: {
  readonly id: string
  readonly region: string
  onStatus(status: ReplicaStatus): void
}): Replica {
  let status: ReplicaStatus = 'CREATED'
  const set = (next: ReplicaStatus) => {
    status = next
    given.onStatus(next)
  }
  return {
    id: given.id,
    region: given.region,
    givenUp: false,
    pid: undefined,
    port: undefined,
    traffic: { received: 0, sent: 0 },
    get status() {
      return status
    },
    start: () => set('RUNNING'),
    stop: async (_drainSeconds, as) => set(as),
    kill: () => undefined,
    restart: () => set('RUNNING'),
  }
}
