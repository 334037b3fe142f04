import { createRailway } from '#src/adapters/railway/create-railway.ts'
import type { RailwayOptions } from '#src/adapters/railway/options.ts'
import type { Railway } from '#src/adapters/railway/railway.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import { hurriedClock } from '#test/support/hurried-clock.ts'
import { quietLog } from '#test/support/quiet-log.ts'

export const secretToken = 'tok-4f7c1d2e-never-shown'

/** So long that no busy machine reaches them; what tests time-outs gives its own. */
const patient = { readMs: 200_000, changeMs: 200_000, overallReadMs: 600_000, overallMs: 600_000 }

/** The adapter against a test's server, twenty times faster than real. */
export function connect(url: string, options: Partial<RailwayOptions> = {}): Railway {
  const token = { kind: 'account', value: secretToken } as const
  return createRailway({
    url,
    token,
    version: '1.2.3',
    clock: hurriedClock(20),
    log: quietLog(),
    random: () => 0,
    ...options,
    timeouts: { ...patient, ...options.timeouts },
  })
}

/** The UpstreamError that a promise is rejected with. */
export async function faultOf(promise: Promise<unknown>): Promise<UpstreamError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof UpstreamError) return error
  throw new Error(`Expected an UpstreamError, got ${String(error)}`)
}
