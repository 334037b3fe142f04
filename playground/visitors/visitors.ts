import { z } from 'zod'
import type { Clock } from '#src/kernel/clock.ts'
import { UserError } from '#src/kernel/errors.ts'
import { type Crowd, type CrowdFigures, createCrowd } from './crowd.ts'

const mostPerSecond = 200

/** Nothing that needs a token, and nothing that a service writes down. */
const usualPaths = ['/api/info', '/health/live', '/health/live', '/api/info', '/health']

/** What may be asked: 0 a second ends it. */
export const visitorsAsked = z.strictObject({
  service: z.string(),
  environment: z.string().default('production'),
  perSecond: z.number().min(0).max(mostPerSecond),
  keepAlive: z.boolean().default(true),
  paths: z.array(z.string().startsWith('/').max(500)).min(1).max(20).default(usualPaths),
})
export type VisitorsAsked = z.output<typeof visitorsAsked>

export type VisitorsState = Pick<VisitorsAsked, 'service' | 'environment' | 'perSecond' | 'keepAlive'> & CrowdFigures

/** Visitors of the project's services, through their public addresses. They end with the playground. */
export interface Visitors {
  /** Starts, changes or ends those of one service. Throws UserError where it has no public address. */
  set(asked: VisitorsAsked): Promise<VisitorsState>
  state(): readonly VisitorsState[]
  close(): Promise<void>
}

export interface VisitorsGiven {
  /** Public addresses of an environment's services, by their names. */
  addresses(environment: string): Promise<Readonly<Record<string, string>>>
  readonly clock: Clock
}

export function createVisitors({ addresses, clock }: VisitorsGiven): Visitors {
  const crowds = new Map<string, { readonly asked: VisitorsAsked; readonly crowd: Crowd }>()
  const leaving = new Set<Crowd>()
  let closed = false

  const stateOf = ({ service, environment, perSecond, keepAlive }: VisitorsAsked, crowd?: Crowd): VisitorsState => {
    const nobody: CrowdFigures = { sent: 0, waiting: 0, stayedAway: 0, failing: 0, medianMs: undefined }
    return { service, environment, perSecond, keepAlive, ...(crowd?.figures() ?? nobody) }
  }

  function leave(crowd: Crowd): void {
    leaving.add(crowd)
    void crowd.leave().finally(() => leaving.delete(crowd))
  }

  return {
    async set(asked) {
      const { service, environment, perSecond } = asked
      const url = (await addresses(environment))[service]
      if (url === undefined) throw new UserError(`${service} has no public address in ${environment}. Nothing was done.`)
      const key = `${environment} ${service}`
      const before = crowds.get(key)?.crowd
      crowds.delete(key)
      const crowd = perSecond > 0 && !closed ? createCrowd({ ...asked, url }, clock) : undefined
      if (crowd) crowds.set(key, { asked, crowd })
      if (before) leave(before)
      return stateOf(asked, crowd)
    },
    state: () => [...crowds.values()].map(({ asked, crowd }) => stateOf(asked, crowd)),
    async close() {
      closed = true
      const all = [...crowds.values()]
      crowds.clear()
      await Promise.all([...all.map(({ crowd }) => crowd), ...leaving].map((crowd) => crowd.close()))
    },
  }
}
