import { expect } from 'vitest'
import type { Trouble } from '#src/incidents/incidents.ts'
import type { WrittenRoute } from '#src/incidents/routes.ts'
import type { Call } from '#src/kernel/call.ts'
import { ada, type IncidentStage, place } from './stage.ts'

const call = { place, actor: ada } as unknown as Call
const plain: WrittenRoute = {
  ...{ channel: '#alerts', severity: 'info', service: undefined, environment: undefined },
  ...{ roles: undefined, quiet: undefined, zone: 'UTC', escalate: undefined },
}

/** What tests of calls do with their stage. */
export function calling(stageNow: () => IncidentStage) {
  const helpers = {
    route: (more: Partial<WrittenRoute>) => stageNow().one.routes.add(call, { ...plain, ...more }),
    report: async (more: Partial<Trouble> = {}) => (await stageNow().one.incidents.report(stageNow().trouble(more))).incident,
    minutes: (many: number) => stageNow().clock.turn(many * 60_000),
    /** The loops of both processes rest for five seconds between two looks: so many rests pass. */
    async rests(many = 3) {
      for (let at = 0; at < many; at += 1) {
        await stageNow().clock.slept(5_000)
        await stageNow().clock.turn(5_000)
      }
    },
    /** Both processes look for who is to be called: after a few of their rests, this is so. */
    async becomes(expected: readonly string[]) {
      const stage = stageNow()
      for (const { incidents } of [stage.one, stage.other]) incidents.start()
      for (let at = 0; at < 6 && (await stage.posted()).length < expected.length; at += 1) await helpers.rests(1)
      expect(await stage.posted()).toEqual(expected)
    },
  }
  return helpers
}

export const warning = { severity: 'warning', title: 'api is degraded' } as const
