import type { Clock } from '#src/kernel/clock.ts'
import type { World } from '../world/world.ts'
import type { Fleets } from './fleets.ts'
import { readUsage } from './process-usage.ts'
import type { Replica } from './replica.ts'

/** What one replica used between two samples. */
export interface UsageSample {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly environmentId: string
  readonly serviceId: string
  readonly deploymentId: string
  readonly instanceId: string
  readonly region: string
  /** vCPU. */
  readonly cpu: number
  readonly memoryBytes: number
  readonly receivedBytes: number
  readonly sentBytes: number
  /** On its volume; undefined where it has none. */
  readonly diskBytes: number | undefined
}

export interface Usage {
  /** Oldest first. */
  samples(): readonly UsageSample[]
  /** Newest of a replica. */
  latest(instanceId: string): UsageSample | undefined
  sample(): Promise<void>
}

interface Mark {
  readonly at: number
  readonly pid: number
  readonly cpuSeconds: number
  readonly received: number
  readonly sent: number
}

/** Enough for 8 replicas and 3 hours at a sample each 5 s. */
const kept = 16_000
const megabyte = 1e6

export function createUsage(given: { readonly world: World; readonly fleets: Fleets; readonly clock: Clock }): Usage {
  const { world, fleets, clock } = given
  const samples: UsageSample[] = []
  const newest = new Map<string, UsageSample>()
  const marks = new Map<string, Mark>()

  async function sampleReplica(deploymentId: string, replica: Replica): Promise<void> {
    const { pid } = replica
    const usage = pid === undefined ? undefined : await readUsage(pid)
    if (pid === undefined || !usage) return void marks.delete(replica.id)
    const { received, sent } = replica.traffic
    const mark: Mark = { at: clock.now().getTime(), pid, cpuSeconds: usage.cpuSeconds, received, sent }
    const before = marks.get(replica.id)
    marks.set(replica.id, mark)
    const seconds = before?.pid === pid ? (mark.at - before.at) / 1_000 : 0
    if (!before || seconds <= 0) return
    const deployment = world.deployment(deploymentId)!
    const volume = world.instance(deployment.serviceId, deployment.environmentId)?.volume ?? undefined
    const sample = {
      at: mark.at,
      environmentId: deployment.environmentId,
      serviceId: deployment.serviceId,
      deploymentId,
      instanceId: replica.id,
      region: replica.region,
      cpu: (mark.cpuSeconds - before.cpuSeconds) / seconds,
      memoryBytes: usage.memoryBytes,
      receivedBytes: received - before.received,
      sentBytes: sent - before.sent,
      diskBytes: volume && volume.currentSizeMB * megabyte,
    }
    newest.set(replica.id, sample)
    samples.push(sample)
  }

  return {
    samples: () => samples,
    latest: (instanceId) => newest.get(instanceId),
    async sample() {
      const there = [...fleets.all()].flatMap(([id, fleet]) => fleet.replicas.map((replica) => ({ id, replica })))
      await Promise.all(there.map(({ id, replica }) => sampleReplica(id, replica)))
      if (samples.length > kept + 1_000) samples.splice(0, samples.length - kept)
      const ids = new Set(there.map(({ replica }) => replica.id))
      for (const id of newest.keys()) if (!ids.has(id)) newest.delete(id)
    },
  }
}

/** Until the signal aborts. The second sample comes soon, so that there are numbers shortly after a start. */
export async function sampleForEver(usage: Usage, clock: Clock, intervalMs: number, signal: AbortSignal): Promise<void> {
  for (let pauseMs = Math.min(1_000, intervalMs); !signal.aborted; pauseMs = intervalMs) {
    await usage.sample()
    await clock.sleep(pauseMs, signal)
  }
}
