import type { Deployment, Service } from './playground-state.ts'

export interface ServiceStatus {
  /** Of what serves; where nothing does, of the newest deployment. */
  readonly status: string
  /** What the newest deployment came to, where another one serves. */
  readonly note: string | undefined
}

const serving = new Set(['SUCCESS', 'SLEEPING', 'CRASHED'])

/** How a service is for those who use it: an older version may serve while the newest deployment failed or is on its way. */
export function serviceStatus({ deployments }: Pick<Service, 'deployments'>): ServiceStatus {
  const [newest] = deployments
  const serves = deployments.find(({ status }) => serving.has(status))
  if (!newest) return { status: 'not deployed', note: undefined }
  if (!serves || serves === newest) return { status: newest.status, note: undefined }
  return { status: serves.status, note: `${short(serves)} serves; the newest, ${short(newest)}, ${outcome(newest)}` }
}

function outcome({ status }: Deployment): string {
  if (status === 'FAILED') return 'failed'
  if (status === 'REMOVED' || status === 'REMOVING' || status === 'SKIPPED') return `was ${status === 'SKIPPED' ? 'skipped' : 'removed'}`
  return `is ${status.toLowerCase().replaceAll('_', ' ')}`
}

function short({ commit, id }: Deployment): string {
  return (commit ?? id).slice(0, 7)
}
