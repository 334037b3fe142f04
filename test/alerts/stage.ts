import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AlertsParts, createAlerts } from '#src/alerts/create-alerts.ts'
import type { Actor, Call } from '#src/kernel/call.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { EnvironmentSignals, ServiceSignals } from '#src/signals/signals.ts'
import { service, signalsOf } from '#test/consciousness/signals-of.ts'
import { ada, type Helix, openStage, place } from '#test/incidents/stage.ts'
import { quietLog } from '#test/support/quiet-log.ts'

export type AlertStage = Awaited<ReturnType<typeof alertStage>>

/** Two processes over one database whose rules decide from what a test says that was read; `given` replaces what else they ask. */
export async function alertStage(given: Partial<AlertsParts> = {}) {
  const stage = await openStage()
  const folder = await mkdtemp(join(tmpdir(), 'helix-alerts-'))
  const path = join(folder, 'alerts.yaml')
  const log = quietLog()
  let newest: EnvironmentSignals | undefined
  const world = { redisAnswers: true, refused: [] as string[], slowed: false }
  const process = ({ store, incidents }: Helix, more: Partial<AlertsParts> = {}) =>
    createAlerts({
      ...{ store, incidents, path, log, clock: stage.clock },
      signals: { newest: () => newest, cadence: () => ({ everyMs: 60_000, slowed: world.slowed }) },
      consciousness: { now: () => undefined },
      streams: { read: async () => [], bridge: async () => ({ stop: async () => {} }) },
      posts: {
        refused: async () => world.refused.map((where) => ({ where, what: 'message', reason: 'no', times: 1, since: stage.clock.now() })),
      },
      access: async () => {
        throw new UserError('There is no token.')
      },
      handshake: async () => ({}),
      checkRedis: () => (world.redisAnswers ? Promise.resolve() : Promise.reject(new Error('away'))),
      watched: () => [place],
      home: () => place,
      decides: () => true,
      ...given,
      ...more,
    })
  const started: ReturnType<typeof createAlerts>[] = []
  return {
    ...stage,
    ...{ path, world, log, process },
    one: { ...stage.one, alerts: process(stage.one) },
    other: { ...stage.other, alerts: process(stage.other) },
    call: (actor: Actor = ada): Call => ({ key: 'k', command: 'alerts.add', raw: {}, actor, door: 'slash', place }),
    /** A reading of the environment now. */
    read(services: readonly ServiceSignals[], more: Partial<EnvironmentSignals> = {}): EnvironmentSignals {
      newest = signalsOf(services, { place, at: stage.clock.now(), ...more })
      return newest
    },
    minutes: (many: number) => stage.clock.turn(many * 60_000),
    async begin(alerts: ReturnType<typeof createAlerts>) {
      started.push(alerts)
      await alerts.start()
    },
    /** Of all incidents, oldest first: `state title`. */
    async incidents() {
      const rows = await stage.one.store.db.selectFrom('incidents').select(['state', 'title']).orderBy('number').execute()
      return rows.map(({ state, title }) => `${state} ${title}`)
    },
    async close() {
      for (const alerts of started) await alerts.stop()
      await stage.close()
      await rm(folder, { recursive: true })
    },
  }
}

export const full = (name: string, used = 0.99) => service(name, { memory: { used, limit: 1 } })
