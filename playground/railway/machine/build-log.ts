import type { Clock } from '#src/kernel/clock.ts'
import type { LogStore } from '../logs/log-store.ts'
import type { Deployment, Service } from '../world/model.ts'

export interface BuildLogGiven {
  readonly deployment: Deployment
  readonly service: Service
  readonly logs: LogStore
  readonly clock: Clock
  readonly durationMs: number
  readonly signal: AbortSignal
}

/** The build, as its log tells it, spread over its time. */
export async function writeBuildLog({ deployment, service, logs, clock, durationMs, signal }: BuildLogGiven): Promise<void> {
  const { commit, settings } = deployment
  const lines = [
    `[snapshot] ${service.repo ?? deployment.image ?? service.name}${commit ? ` at ${commit.sha.slice(0, 7)}: ${commit.message}` : ''}`,
    `[build] using ${settings.builder.toLowerCase()}${settings.rootDirectory ? ` in ${settings.rootDirectory}` : ''}`,
    `[build] ${settings.buildCommand ?? 'no build command: Node runs the TypeScript as it is'}`,
    `[publish] image ${deployment.id.slice(0, 8)} is ready`,
  ]
  for (const message of lines) {
    if (signal.aborted) return
    logs.add(deployment, 'build', { severity: 'info', message, attributes: [] })
    await clock.sleep(durationMs / lines.length, signal)
  }
}

/** The health check, as Railway's build log shows it. */
export function writeHealthLog(given: {
  readonly deployment: Deployment
  readonly logs: LogStore
  readonly path: string
  readonly timeoutSeconds: number
}) {
  const { deployment, logs, path, timeoutSeconds } = given
  const say = (message: string, severity = 'info') => logs.add(deployment, 'build', { severity, message, attributes: [] })
  say('Starting Healthcheck')
  say(`Path: ${path}`)
  say(`Retry window: ${timeoutSeconds}s`)
  let told = ''
  return {
    /** Each problem is told once, not at each attempt: attempts are a fraction of a second apart here. */
    attempt(attempt: number, problem: string): void {
      if (problem === told) return
      told = problem
      say(`Attempt #${attempt} failed with ${problem}. Continuing to retry`, 'warn')
    },
    verdict(healthy: boolean): void {
      if (healthy) say(`[${path}] Healthcheck succeeded!`)
      else say('Healthcheck failed!', 'error')
    },
  }
}
