import { randomUUID } from 'node:crypto'
import type { Replica } from './replica.ts'

/** The replicas of one deployment, by region. */
export interface Fleet {
  readonly replicas: readonly Replica[]
  /** Starts what is missing and stops what is too many. Without a rebuild: the image is there. */
  scale(regions: Readonly<Record<string, number>>, drainSeconds: number): Promise<void>
  restart(drainSeconds: number): void
  stop(drainSeconds: number, as: 'REMOVED' | 'STOPPED'): Promise<void>
  /** Every replica has given up, or ended by itself. */
  over(): 'crashed' | 'completed' | undefined
}

export function createFleet(makeReplica: (id: string, region: string) => Replica): Fleet {
  let replicas: Replica[] = []

  async function drop(leaving: readonly Replica[], drainSeconds: number, as: 'REMOVED' | 'STOPPED'): Promise<void> {
    await Promise.all(leaving.map((replica) => replica.stop(drainSeconds, as)))
    if (as === 'REMOVED') replicas = replicas.filter((replica) => !leaving.includes(replica))
  }

  return {
    get replicas() {
      return replicas
    },
    async scale(regions, drainSeconds) {
      const leaving: Replica[] = []
      for (const region of new Set([...Object.keys(regions), ...replicas.map((replica) => replica.region)])) {
        const there = replicas.filter((replica) => replica.region === region && !isLeaving(replica))
        const wanted = regions[region] ?? 0
        leaving.push(...there.slice(wanted))
        for (let missing = wanted - there.length; missing > 0; missing--) {
          const replica = makeReplica(randomUUID(), region)
          replicas = [...replicas, replica]
          replica.start()
        }
      }
      await drop(leaving, drainSeconds, 'REMOVED')
    },
    restart: (drainSeconds) => {
      for (const replica of replicas) replica.restart(drainSeconds)
    },
    stop: (drainSeconds, as) => drop(replicas, drainSeconds, as),
    over() {
      if (replicas.length === 0 || !replicas.every((replica) => replica.givenUp)) return undefined
      return replicas.some((replica) => replica.status === 'CRASHED') ? 'crashed' : 'completed'
    },
  }
}

function isLeaving(replica: Replica): boolean {
  return replica.status === 'REMOVING' || replica.status === 'REMOVED'
}
