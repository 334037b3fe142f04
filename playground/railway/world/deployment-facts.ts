import type { DeploymentStatus } from '#src/adapters/railway/railway.ts'
import type { Deployment, Service } from './model.ts'

/** How long an image can be rolled back to after its removal. https://docs.railway.com/reference/deployments (72 h on Hobby). */
const imageRetentionHours = { FREE: 24, HOBBY: 72, PRO: 120 } as const

const underWay: ReadonlySet<DeploymentStatus> = new Set(['QUEUED', 'WAITING', 'NEEDS_APPROVAL', 'INITIALIZING', 'BUILDING', 'DEPLOYING'])
const over: ReadonlySet<DeploymentStatus> = new Set(['REMOVED', 'FAILED', 'SKIPPED'])

export function isUnderWay(deployment: Deployment): boolean {
  return underWay.has(deployment.status)
}

/** Nothing of it will ever run again. */
export function isOver(deployment: Deployment): boolean {
  return over.has(deployment.status)
}

/** Only before its containers start. */
export function canCancel(deployment: Deployment): boolean {
  return isUnderWay(deployment) && deployment.status !== 'DEPLOYING'
}

export function canRedeploy(deployment: Deployment): boolean {
  return !isUnderWay(deployment) && deployment.status !== 'REMOVING'
}

/** It served once, serves no more, and its image is still kept. */
export function canRollback(deployment: Deployment, plan: keyof typeof imageRetentionHours, now: Date): boolean {
  if (!deployment.wentLive || deployment.status !== 'REMOVED' || !deployment.removedAt) return false
  return now.getTime() - Date.parse(deployment.removedAt) < imageRetentionHours[plan] * 3_600_000
}

/** `Deployment.meta`: untyped at Railway; the keys that its own CLI reads. */
export function metaOf(deployment: Deployment, service: Service): Record<string, unknown> {
  const { settings, commit } = deployment
  const [firstRegion] = Object.keys(settings.regions)
  const manifest = {
    build: { builder: settings.builder, buildCommand: settings.buildCommand, watchPatterns: settings.watchPatterns },
    deploy: {
      multiRegionConfig: multiRegionConfig(settings.regions),
      region: firstRegion ?? null,
      numReplicas: replicasOf(settings.regions),
      healthcheckPath: settings.healthcheckPath,
      healthcheckTimeout: settings.healthcheckTimeout,
      restartPolicyType: settings.restartPolicyType,
      restartPolicyMaxRetries: settings.restartPolicyMaxRetries,
      startCommand: settings.startCommand,
      cronSchedule: settings.cronSchedule,
    },
  }
  const source = commit
    ? { repo: service.repo, branch: 'main', commitHash: commit.sha, commitMessage: commit.message, commitAuthor: commit.author }
    : { image: deployment.image }
  return { ...source, reason: deployment.reason, serviceManifest: manifest }
}

export function multiRegionConfig(regions: Readonly<Record<string, number>>): Record<string, { numReplicas: number }> {
  return Object.fromEntries(Object.entries(regions).map(([name, numReplicas]) => [name, { numReplicas }]))
}

export function replicasOf(regions: Readonly<Record<string, number>>): number {
  return Object.values(regions).reduce((sum, count) => sum + count, 0)
}
