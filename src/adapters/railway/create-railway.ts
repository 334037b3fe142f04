import { createChanges } from './changes.ts'
import { followDeployment } from './follow-deployment.ts'
import { followLogs } from './follow-logs.ts'
import type { RailwayOptions } from './options.ts'
import type { Railway } from './railway.ts'
import { createBudgetMeter } from './rate-budget.ts'
import { createReads } from './reads.ts'
import { createRequest } from './request.ts'
import { createSubscribe } from './subscribe.ts'

/** Railway's API with one token. Nothing is sent before the first call. https://docs.railway.com/integrations/api */
export function createRailway(options: RailwayOptions): Railway {
  const closed = new AbortController()
  const budget = createBudgetMeter(options.clock)
  const request = createRequest(options, budget, closed.signal)
  const follower = { request, subscribe: createSubscribe(options), budget, clock: options.clock, log: options.log }
  return {
    ...createReads(request, options),
    ...createChanges(request),
    followDeployment: (id, signal) => followDeployment(follower, id, AbortSignal.any([signal, closed.signal])),
    followLogs: (input) => followLogs(follower, { ...input, signal: AbortSignal.any([input.signal, closed.signal]) }),
    budget: () => budget.current(),
    close: async () => closed.abort(),
  }
}
