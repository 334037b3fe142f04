import type { ServiceState } from '#src/adapters/railway/railway.ts'
import { andList } from './say.ts'

/** `The newest deployment of api failed; an earlier one serves.` Empty where that is so of no service. */
export function newestFailed(services: readonly Pick<ServiceState, 'name' | 'latest' | 'serving'>[]): string {
  const failed = services.filter(
    ({ latest, serving }) => latest && serving && latest.id !== serving.id && (latest.status === 'FAILED' || latest.status === 'CRASHED'),
  )
  if (failed.length === 0) return ''
  if (failed.length > 3) return `The newest deployments of ${failed.length} services failed; earlier ones serve.`
  const names = andList(failed.map(({ name }) => name))
  return failed.length === 1
    ? `The newest deployment of ${names} failed; an earlier one serves.`
    : `The newest deployments of ${names} failed; earlier ones serve.`
}
