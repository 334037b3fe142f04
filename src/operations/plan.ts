import { createHash } from 'node:crypto'
import type { EnvironmentState, Railway, Target } from '#src/adapters/railway/railway.ts'
import type { Place } from '#src/kernel/call.ts'
import type { EnvironmentRef } from '#src/kernel/directory.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { Change } from './change.ts'
import type { Plan } from './operations.ts'
import { courseOf } from './plans/courses.ts'
import type { Prepared } from './plans/prepared.ts'

/** Railway keeps images for days: what is older than so many deployments cannot be brought back anyway. */
const lookBack = 50

export interface WorkedOut {
  readonly prepared: Prepared
  readonly environment: EnvironmentRef
  readonly digest: string
}

/** Reads the target anew and works the change out. Throws UserError with the reason where it cannot be made, and UpstreamError. */
export async function workOut(railway: Railway, change: Change, place: Place): Promise<WorkedOut> {
  const state = await railway.environment(place.project, place.environment)
  const environment = { id: state.id, name: state.name }
  const service = serviceOf(state, change)
  const target = targetOf(change, place)
  const prepared = await courseOf(change).prepare(change, {
    environment,
    service,
    billingPlan: () => railway.plan(place.project),
    deployments: () => railway.deployments({ ...target, projectId: place.project, first: lookBack }),
  })
  return { prepared, environment, digest: digestOf(change, place, prepared) }
}

export function planOf(change: Change, place: Place, { prepared, environment, digest }: WorkedOut): Plan {
  return { change, place, environment, sentence: prepared.sentence, facts: prepared.facts, seen: prepared.seen, digest }
}

export function targetOf(change: Change, place: Place): Target {
  return { serviceId: change.service.id, environmentId: place.environment }
}

export function serviceOf(state: EnvironmentState, { service }: Change) {
  const found = state.services.find(({ id }) => id === service.id)
  if (found) return found
  throw new UserError(`${service.name} is not in ${state.name} (any more), so nothing was done.`)
}

function digestOf(change: Change, { guild, project, environment }: Place, { basis }: Prepared): string {
  const of = [change.kind, change.service.id, guild, project, environment, sorted(basis)]
  return createHash('sha256').update(JSON.stringify(of)).digest('base64url')
}

function sorted(basis: Readonly<Record<string, unknown>>): readonly unknown[] {
  return Object.entries(basis)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => [name, isRecord(value) ? sorted(value) : value])
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
