import type { DeploymentStatus } from '#src/adapters/railway/railway.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Deployment, ServiceInstance } from '../world/model.ts'
import type { World } from '../world/world.ts'
import { payloadOf, type WebhookPayload, type WebhookType } from './payload.ts'

/** How webhooks come that are not as one would wish. */
export interface WebhookTrouble {
  /** Each comes so many times more. */
  readonly duplicates: number
  /** Each waits for a time of its own, up to 3 s. */
  readonly outOfOrder: boolean
  readonly delaySeconds: number
  /** Each next one is spelled in another way. */
  readonly oddSpelling: boolean
  /** Of a hundred, so many never come. */
  readonly lostPercent: number
}

/** The project's webhook, as people set it up in Railway's dashboard. */
export interface Webhooks {
  send(type: WebhookType, instance: ServiceInstance, deployment?: Deployment): void
  trouble(trouble: WebhookTrouble | undefined): void
  state(): { readonly sent: number; readonly failed: number; readonly last: string | null }
  close(): Promise<void>
}

export interface WebhooksGiven {
  readonly world: World
  /** Undefined: nobody set one up. */
  readonly url: string | undefined
  readonly clock: Clock
  readonly log: Log
}

/** Railway gives 30 s, and tries three times more. */
const LIMIT_MS = 30_000
const RETRIES_MS = [1_000, 4_000, 16_000] as const
const UNORDERED_MS = 3_000
const MOST_UNDER_WAY = 1_000

const typeOfStatus: Partial<Record<DeploymentStatus, WebhookType>> = {
  INITIALIZING: 'Deployment.queued',
  QUEUED: 'Deployment.queued',
  WAITING: 'Deployment.waiting',
  NEEDS_APPROVAL: 'Deployment.needs_approval',
  BUILDING: 'Deployment.building',
  DEPLOYING: 'Deployment.deploying',
  SUCCESS: 'Deployment.deployed',
  FAILED: 'Deployment.failed',
  CRASHED: 'Deployment.crashed',
  REMOVED: 'Deployment.removed',
  SLEEPING: 'Deployment.slept',
}

/** Tells of each change of a deployment's status, at once and in no order that it would wait for. */
export function createWebhooks({ world, url, clock, log }: WebhooksGiven): Webhooks {
  const statuses = new Map(world.tables.deployments.map(({ id, status }) => [id, status]))
  const underWay = new Set<Promise<void>>()
  const closing = new AbortController()
  let trouble: WebhookTrouble | undefined
  let sent = 0
  let failed = 0
  let last: string | null = null

  function onDeployment(deployment: Deployment): void {
    const before = statuses.get(deployment.id)
    if (before === deployment.status) return
    statuses.set(deployment.id, deployment.status)
    const instance = world.instance(deployment.serviceId, deployment.environmentId)
    const type = typeOf(deployment, before)
    if (type && instance) send(type, instance, deployment)
  }

  function send(type: WebhookType, instance: ServiceInstance, deployment?: Deployment): void {
    if (url === undefined || closing.signal.aborted || Math.random() * 100 < (trouble?.lostPercent ?? 0)) return
    const payload = payloadOf(world, type, instance, deployment)
    for (let copy = 0; copy <= (trouble?.duplicates ?? 0); copy += 1) begin(url, { ...payload, type: spelled(type) })
  }

  function begin(to: string, payload: WebhookPayload): void {
    if (underWay.size >= MOST_UNDER_WAY) {
      failed += 1
      return
    }
    const delivery = deliver(to, payload).finally(() => underWay.delete(delivery))
    underWay.add(delivery)
  }

  async function deliver(to: string, payload: WebhookPayload): Promise<void> {
    const waitMs = (trouble?.delaySeconds ?? 0) * 1_000 + (trouble?.outOfOrder ? Math.random() * UNORDERED_MS : 0)
    if (waitMs > 0) await clock.sleep(waitMs, closing.signal)
    for (const retryMs of [...RETRIES_MS, undefined]) {
      if (closing.signal.aborted) return
      if (await isTaken(to, payload)) return
      if (retryMs !== undefined) await clock.sleep(retryMs, closing.signal)
    }
    failed += 1
    log.debug({ type: payload.type }, 'A webhook of the emulated Railway was not taken')
  }

  async function isTaken(to: string, payload: WebhookPayload): Promise<boolean> {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(LIMIT_MS)])
    try {
      const headers = { 'content-type': 'application/json', 'user-agent': 'Railway-Webhook' }
      const response = await fetch(to, { method: 'POST', headers, body: JSON.stringify(payload), signal })
      await response.body?.cancel()
      if (!response.ok) return false
    } catch {
      return false // Nobody is there, or took too long: it is tried again.
    }
    sent += 1
    last = payload.type
    return true
  }

  function spelled(type: WebhookType): string {
    return trouble?.oddSpelling ? spellings[sent % spellings.length]!(type) : type
  }

  world.news.on('deployment', onDeployment)
  return {
    send,
    trouble: (given) => {
      trouble = given
    },
    state: () => ({ sent, failed, last }),
    async close() {
      closing.abort()
      world.news.off('deployment', onDeployment)
      await Promise.all(underWay)
    },
  }
}

function typeOf({ status, reason }: Deployment, before: DeploymentStatus | undefined): WebhookType | undefined {
  if (status !== 'SUCCESS') return typeOfStatus[status]
  if (before === 'CRASHED') return 'Deployment.restarted'
  if (before === 'SLEEPING') return 'Deployment.resumed'
  return reason === 'redeploy' ? 'Deployment.redeployed' : 'Deployment.deployed'
}

const camel = (type: string) => type.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

/** All of them were seen. */
const spellings: readonly ((type: string) => string)[] = [
  camel,
  (type) => camel(type).replace(/\.(\w)/, (_, letter: string) => `.${letter.toUpperCase()}`),
  (type) => type.toUpperCase(),
  (type) => type.replace('.', '_').toLowerCase(),
]
