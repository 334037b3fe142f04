import type { DomainState, ProjectCost, Railway, ServiceLogLine } from '#src/adapters/railway/railway.ts'
import { lookEveryMs } from '#src/alerts/looking.ts'
import type { Shaken } from '#src/alerts/readings/handshake.ts'
import { readersPace } from '#src/alerts/readings/readers.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import { service } from '#test/consciousness/signals-of.ts'
import { alertStage } from '../stage.ts'

/** What Railway answers, as a test says. */
export interface Answers {
  lines: readonly ServiceLogLine[]
  cost: ProjectCost | undefined
  domains: readonly DomainState[]
  shaken: Shaken
  isAway: boolean
  decides: boolean
}

/** Alerts that read more than services, from a Railway that answers what the test says. */
export async function readingStage() {
  const says: Answers = { lines: [], cost: undefined, domains: [], shaken: {}, isAway: false, decides: true }
  const asked: string[] = []
  async function answer<Value>(what: string, value: () => Value): Promise<Value> {
    asked.push(what)
    if (says.isAway)
      throw new UpstreamError('Railway is away.', { provider: 'Railway', operation: what, outcome: 'refused', retryable: true })
    return value()
  }
  const railway = {
    environmentLogs: () => answer('logs', () => says.lines),
    cost: () => answer('cost', () => says.cost),
    domains: () => answer('domains', () => says.domains),
  } as unknown as Railway
  const stage = await alertStage({ access: async () => railway, handshake: async () => says.shaken, decides: () => says.decides })
  const rested = () => Promise.all([stage.clock.slept(lookEveryMs), stage.clock.slept(readersPace.lookMs)])
  return {
    ...{ ...stage, says, asked, rested },
    /** Both loops have their turns: what is read by the first is decided from by the second. Odd times: nobody else is due at the same moment. */
    async turns(ms: number): Promise<void> {
      await stage.clock.turn(ms + 13)
      await rested()
      await stage.clock.turn(lookEveryMs + 7)
      await rested()
    },
    async start(): Promise<void> {
      stage.read([service('api'), service('web')])
      await stage.begin(stage.one.alerts)
      await rested()
    },
    line(message: string, secondsAgo = 0, more: Partial<ServiceLogLine> = {}): ServiceLogLine {
      const at = new Date(stage.clock.now().getTime() - secondsAgo * 1_000)
      return { at, timestamp: at.toISOString(), severity: 'error', message, instanceId: 'i', serviceId: 'id-api', ...more }
    },
  }
}
