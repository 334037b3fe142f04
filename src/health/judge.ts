import type { DeploymentState, ServiceState } from '#src/adapters/railway/railway.ts'
import type { Condition } from './health.ts'
import { countReplicas, describeReplicas, wantedReplicas } from './replicas.ts'

export interface Judgement {
  readonly condition: Condition
  readonly reason: string
}

/**
 * How a service is, from its deployments and their replicas. A crash loop reads SUCCESS at Railway until its retries run out, so the
 * replicas decide, not the deployment's status alone.
 */
export function judge(service: ServiceState): Judgement {
  const { latest } = service
  const serving = service.serving ?? (latest?.status === 'SUCCESS' ? latest : undefined)
  if (!serving) return judgeUnserved(latest)
  const judged = service.cron ? judgeCron(serving, service.cron) : judgeServing(serving, service)
  return latest && latest.id !== serving.id ? withRollout(judged, latest) : judged
}

function judgeUnserved(latest: DeploymentState | undefined): Judgement {
  if (!latest) return { condition: 'stopped', reason: 'It was never deployed.' }
  switch (latest.status) {
    case 'FAILED':
      return { condition: 'down', reason: 'Its newest deployment failed, and nothing else serves.' }
    case 'CRASHED':
      return { condition: 'down', reason: 'Its newest deployment crashed, and nothing else serves.' }
    case 'SLEEPING':
      return asleep
    case 'REMOVED':
    case 'REMOVING':
      return { condition: 'stopped', reason: 'Its deployment was removed; nothing of it runs.' }
    case 'SKIPPED':
      return { condition: 'stopped', reason: 'Its newest deployment was skipped, and nothing else serves.' }
    default:
      return { condition: 'deploying', reason: `Its deployment ${progress(latest)}; nothing serves yet.` }
  }
}

const asleep: Judgement = { condition: 'sleeping', reason: 'It sleeps until the next request wakes it.' }

/** Between its runs a cron service has no replica, and that is as it should be. */
function judgeCron(serving: DeploymentState, schedule: string): Judgement {
  const { running, crashed, restarting } = countReplicas(serving)
  if (running > 0) return { condition: 'healthy', reason: 'A scheduled run is under way.' }
  if (serving.status === 'CRASHED' || crashed + restarting > 0) {
    return { condition: 'down', reason: `Its last scheduled run crashed (schedule ${schedule}, UTC).` }
  }
  return { condition: 'healthy', reason: `It waits for its next scheduled run (${schedule}, UTC).` }
}

function judgeServing(serving: DeploymentState, service: ServiceState): Judgement {
  if (serving.status === 'SLEEPING') return asleep
  const counts = countReplicas(serving)
  const wanted = wantedReplicas(serving, service)
  const reason = describeReplicas(counts, wanted)
  if (counts.running === 0) {
    if (serving.stopped) return { condition: 'stopped', reason: 'It was stopped; nothing of it runs.' }
    if (serving.status === 'CRASHED') return { condition: 'down', reason: 'Its deployment crashed: no replica runs.' }
    if (counts.all === 0) return { condition: 'unknown', reason: 'Railway calls its deployment successful, but names no replica of it.' }
    return { condition: counts.starting > 0 && counts.crashed + counts.restarting === 0 ? 'deploying' : 'down', reason }
  }
  const troubled = counts.running < wanted || counts.crashed + counts.restarting > 0 || serving.status === 'CRASHED'
  return { condition: troubled ? 'degraded' : 'healthy', reason }
}

/** What else goes on beside what serves. */
function withRollout(judged: Judgement, latest: DeploymentState): Judgement {
  const also = (sentence: string) => `${judged.reason.slice(0, -1)}; ${sentence}.`
  switch (latest.status) {
    case 'FAILED':
      return { ...judged, reason: also('its newest deployment failed') }
    case 'CRASHED':
      return { ...judged, reason: also('its newest deployment crashed') }
    case 'SUCCESS':
    case 'SLEEPING':
    case 'REMOVED':
    case 'REMOVING':
    case 'SKIPPED':
      return judged
    default:
      return {
        condition: judged.condition === 'healthy' ? 'deploying' : judged.condition,
        reason: also(`a new deployment ${progress(latest)}`),
      }
  }
}

function progress({ status }: DeploymentState): string {
  switch (status) {
    case 'NEEDS_APPROVAL':
      return 'waits for an approval at Railway'
    case 'WAITING':
      return 'waits for its CI checks'
    case 'QUEUED':
      return 'is queued'
    case 'BUILDING':
      return 'is being built'
    default:
      return 'is starting'
  }
}
