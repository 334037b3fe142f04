import type { Clock } from '#src/kernel/clock.ts'
import type { ServiceInstance } from '../world/model.ts'
import type { World } from '../world/world.ts'
import { type Edge, openEdge } from './edge.ts'
import type { Fleets } from './fleets.ts'
import { createHttpCounts, type HttpCounts } from './http-counts.ts'
import type { Replica } from './replica.ts'

/** The public addresses of all services that run for real. */
export interface Edges {
  /** Opens the instance's edge, where it has none, and writes its port down. */
  open(instance: ServiceInstance): Promise<void>
  counts(instance: ServiceInstance): HttpCounts | undefined
  /** Replicas that take requests now. */
  upstreams(instance: ServiceInstance): readonly Replica[]
  close(): Promise<void>
}

export function createEdges(given: { readonly world: World; readonly fleets: Fleets; readonly clock: Clock }): Edges {
  const { world, fleets, clock } = given
  const edges = new Map<string, { readonly edge: Edge; readonly counts: HttpCounts }>()

  function upstreams(instance: ServiceInstance): readonly Replica[] {
    const live = world.live(instance.serviceId, instance.environmentId)
    const replicas = (live && fleets.of(live.id)?.replicas) ?? []
    return replicas.filter((replica) => replica.status === 'RUNNING')
  }

  return {
    async open(instance) {
      if (edges.has(instance.id) || world.service(instance.serviceId)?.simulated) return
      const counts = createHttpCounts(clock)
      const edge = await openEdge({ port: instance.port, upstreams: () => upstreams(instance), counts, clock })
      edges.set(instance.id, { edge, counts })
      instance.port = edge.port
      world.changed()
    },
    upstreams,
    counts: (instance) => edges.get(instance.id)?.counts,
    async close() {
      await Promise.all([...edges.values()].map(({ edge }) => edge.close()))
    },
  }
}
