import type { ResultOf } from 'gql.tada'
import { deploymentEventsQuery } from './documents/deployments.ts'
import type { Request } from './request.ts'

type Event = ResultOf<typeof deploymentEventsQuery>['deploymentEvents']['edges'][number]['node']

const steps: Readonly<Record<Event['step'], string>> = {
  BUILD_IMAGE: 'Build',
  CONFIGURE_NETWORK: 'Network set-up',
  CREATE_CONTAINER: 'Container start',
  DRAIN_INSTANCES: 'Draining the old replicas',
  HEALTHCHECK: 'Health check',
  MIGRATE_VOLUMES: 'Volume migration',
  PRE_DEPLOY_COMMAND: 'Pre-deploy command',
  PUBLISH_IMAGE: 'Publishing the image',
  SNAPSHOT_CODE: 'Code snapshot',
  WAIT_FOR_DEPENDENCIES: 'Waiting for dependencies',
}

/** See Railway.failures. A step that reports the same again (each attempt of a health check) is told once, as it was last. */
export async function readFailures(request: Request, deploymentId: string): Promise<readonly string[]> {
  const { deploymentEvents } = await request(deploymentEventsQuery, { id: deploymentId })
  const last = new Map<string, string>()
  for (const { node } of deploymentEvents.edges) if (node.payload?.error) last.set(node.step, line(node))
  return [...last.values()]
}

function line({ step, payload }: Event): string {
  const attempt = payload?.attempt && payload.maxAttempts ? ` (attempt ${payload.attempt} of ${payload.maxAttempts})` : ''
  const error = inWords(payload?.error ?? '')
  const reason = inWords(payload?.reason ?? '')
  const isNew = reason !== '' && !constant.test(payload?.reason ?? '') && reason !== error
  return `${steps[step]}: ${error}${isNew ? ` – ${reason}` : ''}${attempt}`
}

const constant = /^[A-Z][A-Z0-9_]*$/
/** The step is named before it already. */
const stepFailed = /^(?:health ?check|build|pre-?deploy command) failed: /i

/** `HEALTHCHECK_FAILED` reads `healthcheck failed`. */
function inWords(text: string): string {
  const words = constant.test(text) ? text.replaceAll('_', ' ').toLowerCase() : text
  return words.replace(stepFailed, '').trim()
}
