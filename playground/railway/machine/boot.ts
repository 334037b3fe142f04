import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Environment } from '../world/model.ts'
import type { World } from '../world/world.ts'
import type { Deployer } from './deployer.ts'
import type { Edges } from './edges.ts'
import type { Fleets } from './fleets.ts'
import { checkHealth } from './health-check.ts'

export interface BootGiven {
  readonly world: World
  readonly fleets: Fleets
  /** Every service has its public address. */
  readonly addressed: Promise<unknown>
  readonly deployer: Deployer
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
  /** The environments after the first wait for it. */
  readonly before: Promise<unknown>
}

const limitSeconds = 120

/**
 * Starts everything that served when the playground was last there, one environment after another in their order (production
 * first). By environment name: when all of it answers its health checks.
 */
export function boot(given: BootGiven): ReadonlyMap<string, Promise<void>> {
  const { world, log } = given
  const healthy = new Map<string, Promise<void>>()
  let before: Promise<unknown> = given.addressed
  for (const environment of world.tables.environments) {
    const started = before.then(() => startEnvironment(given, environment))
    const settled = started.catch((error: unknown) =>
      log.error({ error, environment: environment.name }, 'An environment of the playground is not healthy'),
    )
    before = Promise.all([settled, Promise.race([given.before, aborted(given.signal)])])
    healthy.set(environment.name, started)
  }
  return healthy
}

/** All of them first: a service's variables may name the address of any other. */
export async function openEdges(world: World, edges: Edges): Promise<void> {
  for (const instance of world.tables.instances) await edges.open(instance)
}

async function startEnvironment(given: BootGiven, environment: Environment): Promise<void> {
  const { world, deployer, signal } = given
  if (signal.aborted) return
  const deployments = world.tables.deployments.filter((one) => one.environmentId === environment.id)
  for (const deployment of deployments) deployer.resume(deployment)
  const serving = deployments.filter((one) => one.status === 'SUCCESS' && !one.stopped)
  const problems = await Promise.all(serving.map((deployment) => problemWith(given, deployment.id)))
  const found = problems.filter((problem) => problem !== undefined)
  if (found.length > 0 && !signal.aborted) throw new Error(`${environment.name} is not healthy: ${found.join('; ')}`)
}

async function problemWith({ world, fleets, clock, signal }: BootGiven, deploymentId: string): Promise<string | undefined> {
  const deployment = world.deployment(deploymentId)!
  const service = world.service(deployment.serviceId)!
  const fleet = fleets.of(deploymentId)
  const path = deployment.settings.healthcheckPath
  if (service.simulated || !fleet || path === null) return undefined
  const verdict = await checkHealth(fleet, { path, timeoutSeconds: limitSeconds, intervalMs: 50, clock, signal, onAttempt: () => {} })
  return verdict.healthy ? undefined : `${service.name}: ${verdict.problem}`
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
