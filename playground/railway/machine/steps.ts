import { randomUUID } from 'node:crypto'
import type { DeploymentStatus } from '#src/adapters/railway/railway.ts'
import type { Deployment, DeploymentEvent } from '../world/model.ts'
import type { World } from '../world/world.ts'

export function setStatus(world: World, deployment: Deployment, status: DeploymentStatus): void {
  if (deployment.status === status) return
  deployment.status = status
  deployment.statusUpdatedAt = world.now()
  world.changed(deployment)
}

/** Begins a step of a deployment; the answered function ends it, with what went wrong where something did. */
export function beginStep(
  world: World,
  deployment: Deployment,
  step: DeploymentEvent['step'],
): (payload?: DeploymentEvent['payload']) => void {
  const event: DeploymentEvent = { id: randomUUID(), step, createdAt: world.now(), completedAt: null, payload: null }
  deployment.events.push(event)
  world.stepped(deployment, event)
  return (payload) => {
    event.completedAt = world.now()
    event.payload = { ...payload, durationMs: Date.parse(event.completedAt) - Date.parse(event.createdAt) }
    world.stepped(deployment, event)
  }
}
