import { createScaling } from '#src/scaling/create-scaling.ts'
import type { QueueRead } from '#src/scaling/queues.ts'
import type { ScaleAsked } from '#src/scaling/scaling.ts'
import type { EnvironmentSignals, ServiceSignals } from '#src/signals/signals.ts'
import { service, signalsOf } from '#test/consciousness/signals-of.ts'
import { place, policyStage } from '#test/policies/stage.ts'
import { environmentName } from '#test/support/railway-double.ts'

export type ScalingStage = Awaited<ReturnType<typeof scalingStage>>

/** Scaling over the product's whole path, on a real database: the services are `web` and `api`, of two replicas each. */
export async function scalingStage() {
  const stage = await policyStage()
  const { store, operations, stops, ask, past, audit, directory, clock, log, railway } = stage
  const world = {
    level: undefined as number | undefined,
    queue: { unread: 'it was not read' } as QueueRead,
    newest: undefined as EnvironmentSignals | undefined,
  }
  const process = () =>
    createScaling({
      ...{ store, operations, stops, ask, audit, directory, clock, log, answerTo: past.answerTo, access: async () => railway },
      signals: { newest: () => world.newest, cadence: () => ({ everyMs: 60_000, slowed: false }) },
      consciousness: {
        now: () =>
          world.level === undefined
            ? undefined
            : {
                level: world.level,
                at: clock.now(),
                source: 'x',
                channel: 'x',
                metrics: {},
                scale: undefined,
                clockOffMs: undefined,
                computed: false,
              },
      },
      readQueues: async (queues) => queues.map(() => world.queue),
    })
  return {
    ...stage,
    ...{ world, process },
    scaling: process(),
    asked: (options: ScaleAsked['options'], more: Partial<ScaleAsked> = {}): ScaleAsked => ({
      service: { id: stage.api.id, name: 'api' },
      options: { 'up-after': '0s', 'down-after': '0s', ...options },
      ...more,
    }),
    /** A reading of now; `api` bears so much CPU on the replicas that it has, of 1 vCPU each. */
    reading(cpu: number, given: Partial<ServiceSignals> = {}, more: Partial<EnvironmentSignals> = {}): EnvironmentSignals {
      const replicas = Object.values(stage.api.regions).reduce((sum, each) => sum + each, 0)
      const api: ServiceSignals = {
        ...service('api', { cpu: { used: cpu, limit: replicas }, memory: { used: 0.2 * replicas, limit: replicas } }),
        ...{ service: { id: stage.api.id, name: 'api' }, replicas: { running: replicas, wanted: replicas }, ...given },
      }
      world.newest = signalsOf([api], { place, environment: environmentName, at: clock.now(), ...more })
      return world.newest
    },
    minutes: (many: number) => clock.turn(many * 60_000),
    /** Every operation that waits is done. */
    async done() {
      for (const { id, status } of await stage.operationsMade()) if (status === 'queued') await stage.perform(id)
    },
    told: async () => (await stage.decisions()).map(({ verdict, sentence }) => `${verdict}: ${sentence}`),
  }
}
