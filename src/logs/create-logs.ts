import type { RailwayAccess } from '#src/adapters/railway/railway.ts'
import type { Environments } from '#src/environments/environments.ts'
import type { Place } from '#src/kernel/call.ts'
import type { DeploymentRef, ServiceRef } from '#src/kernel/directory.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { LogRequest, Logs } from './logs.ts'
import { railwayFilter } from './railway-filter.ts'
import { redact } from './redact.ts'

export function createLogs({ access, environments }: { readonly access: RailwayAccess; readonly environments: Environments }): Logs {
  return {
    read: async (place, request) => {
      const deployment = request.deployment ?? (await deploymentToRead(environments, place, request))
      const filter = railwayFilter(request.filter)
      const railway = await access(place)
      const lines = await railway.logs({
        deploymentId: deployment.id,
        limit: request.lines,
        kind: request.kind,
        ...(filter && { filter }),
        ...(request.since && { since: request.since }),
        ...(request.until && { until: request.until }),
      })
      return { deployment, lines: lines.map((line) => ({ ...line, message: redact(line.message) })) }
    },
  }
}

/** What serves, else what was tried last; of build logs always the newest. Throws UserError where the service was never deployed. */
export async function deploymentToRead(
  environments: Environments,
  place: Place,
  { service, kind }: Pick<LogRequest, 'service' | 'kind'>,
): Promise<DeploymentRef> {
  const { state } = await environments.state(place)
  const found = state.services.find(({ id }) => id === service.id)
  const deployment = kind === 'build' ? found?.latest : (found?.serving ?? found?.latest)
  if (!deployment) throw neverDeployed(service, state.name)
  return deployment
}

function neverDeployed(service: ServiceRef, environment: string): UserError {
  return new UserError(`${service.name} was never deployed in ${environment}, so it has no logs.`)
}
