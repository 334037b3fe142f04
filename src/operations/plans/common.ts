import type { DeploymentState, ServiceState } from '#src/adapters/railway/railway.ts'
import { Held, UserError } from '#src/kernel/errors.ts'
import type { Fact } from '#src/kernel/report.ts'
import { andList, exactly, firstLine, stateWords, version } from '#src/kernel/say.ts'
import type { Prepared, Scene } from './prepared.ts'

/** A deployment in such a state changes by itself soon. */
export const rolling: ReadonlySet<string> = new Set(['QUEUED', 'INITIALIZING', 'BUILDING', 'DEPLOYING'])
const known = new Set([
  ...rolling,
  'CRASHED',
  'FAILED',
  'NEEDS_APPROVAL',
  'REMOVED',
  'REMOVING',
  'SKIPPED',
  'SLEEPING',
  'SUCCESS',
  'WAITING',
])

/** Throws UserError while a deployment rolls out, or where Railway shows a state that Helix does not know. */
export function refuseUnsteady({ environment, service }: Scene): void {
  const { latest } = service
  if (!latest) return
  if (!known.has(latest.status)) {
    throw new UserError(
      `Railway says that ${service.name} in ${environment.name} is in the state ${latest.status}, which Helix does not know. Nothing was done: look at it in Railway's dashboard.`,
    )
  }
  if (!rolling.has(latest.status)) return
  throw new Held(
    `A deployment of ${service.name} is rolling out in ${environment.name} already (${version(latest)}, ${stateWords(latest.status)}), so nothing was done. Try again when it is over.`,
  )
}

/** The parts of a plan that are the same for every kind of change. */
export function basics({ service }: Scene): Pick<Prepared, 'before' | 'replicas' | 'cron' | 'basis' | 'seen'> {
  const { serving, latest, regions, cron } = service
  return {
    ...(serving && { before: { id: serving.id, version: version(serving) } }),
    replicas: service.replicas,
    cron: cron !== undefined,
    basis: { serving: serving?.id, latest: latest?.id, regions },
    seen: [
      { label: 'What serves', value: serving ? exactly(serving) : 'nothing' },
      { label: 'Newest deployment', value: !latest ? 'none' : latest.id === serving?.id ? 'the one that serves' : exactly(latest) },
      { label: 'Replicas', value: regionWords(regions) },
    ],
  }
}

function regionWords(regions: Readonly<Record<string, number>>): string {
  const each = Object.entries(regions).sort(([a], [b]) => (a < b ? -1 : 1))
  return each.length === 0 ? 'as Railway chooses' : andList(each.map(([region, replicas]) => `${replicas} in ${region}`))
}

export function versionFact(label: string, deployment: DeploymentState | undefined): readonly Fact[] {
  if (!deployment) return [{ label, value: 'nothing' }]
  const message = firstLine(deployment.message)
  return [{ label, value: message === '' ? version(deployment) : `${version(deployment)} (${message})` }]
}

/** What serves; else what was deployed last, where something of it can still be taken. */
export function newestOf(service: ServiceState): DeploymentState | undefined {
  return service.serving ?? service.latest
}

export function sameVersion(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && (a.startsWith(b) || b.startsWith(a))
}
