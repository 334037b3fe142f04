import { request } from 'node:http'
import type { Clock } from '#src/kernel/clock.ts'
import type { Fleet } from './fleet.ts'
import type { Replica } from './replica.ts'

export interface HealthCheckGiven {
  readonly path: string
  readonly timeoutSeconds: number
  readonly intervalMs: number
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Called once for each round that found a replica unhealthy. */
  onAttempt(attempt: number, problem: string): void
}

export type HealthVerdict =
  | { readonly healthy: true; readonly attempts: number }
  | { readonly healthy: false; readonly attempts: number; readonly problem: string }

/**
 * Asks every replica for the path until each has answered 200 (308 and the like fail) or the time is over. The time counts from the moment that
 * all processes run; replicas that have given up end it at once. https://docs.railway.com/guides/healthchecks
 */
export async function checkHealth(fleet: Fleet, given: HealthCheckGiven): Promise<HealthVerdict> {
  const { clock, signal } = given
  const healthy = new Set<string>()
  let since: number | undefined
  let problem = 'service unavailable'

  for (let attempts = 1; ; attempts++) {
    for (const replica of fleet.replicas) {
      if (healthy.has(replica.id)) continue
      const found = await problemOf(replica, given.path, signal)
      if (found === undefined) healthy.add(replica.id)
      else problem = found
    }
    if (fleet.replicas.length > 0 && fleet.replicas.every((replica) => healthy.has(replica.id))) return { healthy: true, attempts }
    if (signal.aborted) return { healthy: false, attempts, problem: 'the deployment was stopped' }
    const over = fleet.over()
    if (over) return { healthy: false, attempts, problem: `the process ${over === 'crashed' ? 'crashed' : 'ended'} before it was healthy` }
    if (fleet.replicas.every((replica) => replica.status !== 'INITIALIZING')) since ??= clock.now().getTime()
    if (since !== undefined) {
      given.onAttempt(attempts, problem)
      if (clock.now().getTime() - since >= given.timeoutSeconds * 1_000) return { healthy: false, attempts, problem }
    }
    await clock.sleep(given.intervalMs, signal)
  }
}

/** undefined where the replica answered 200. */
export function problemOf(replica: Replica, path: string, signal: AbortSignal): Promise<string | undefined> {
  const { port } = replica
  if (replica.status !== 'RUNNING' || port === undefined) return Promise.resolve('service unavailable')
  return new Promise((resolve) => {
    const asked = request({
      host: '127.0.0.1',
      port,
      path,
      headers: { host: 'healthcheck.railway.app' },
      timeout: 5_000,
      agent: false,
      signal,
    })
    asked.once('response', (answer) => {
      answer.resume()
      resolve(answer.statusCode === 200 ? undefined : `status code ${answer.statusCode}`)
    })
    asked.once('timeout', () => asked.destroy(new Error('no answer within 5 s')))
    asked.once('error', (error) => resolve(error.message.includes('no answer') ? error.message : 'service unavailable'))
    asked.end()
  })
}
