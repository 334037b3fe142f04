import { UpstreamError } from '#src/kernel/errors.ts'
import { deployLogsQuery, deployLogsSubscription } from './documents/logs.ts'
import { createPauses, type Follower, unlessPassing } from './follow.ts'
import { createLogSieve, type LogFields } from './log-lines.ts'
import type { LogLine, Railway } from './railway.ts'

type FollowInput = Parameters<Railway['followLogs']>[0]

/** See Railway.followLogs: stream until the stream ends, ask for what it may have missed, pause, stream again. */
export async function* followLogs(follower: Follower, input: FollowInput): AsyncGenerator<readonly LogLine[]> {
  const { signal } = input
  const sieve = createLogSieve(input.since ?? follower.clock.now())
  const pauses = createPauses(follower)
  while (!signal.aborted) {
    for await (const batch of streamOf(follower, input)) {
      const lines = sieve.pass(batch)
      if (lines.length === 0) continue
      pauses.reset()
      yield lines
    }
    if (signal.aborted) return
    const missed = await unlessPassing(follower.log, () => linesSince(follower, input, sieve.anchor()))
    const lines = sieve.pass(missed ?? [])
    if (lines.length > 0) {
      pauses.reset()
      yield lines
    }
    await pauses.next(signal)
  }
}

async function* streamOf(follower: Follower, { deploymentId, filter, signal }: FollowInput): AsyncGenerator<readonly LogFields[]> {
  try {
    const events = follower.subscribe(deployLogsSubscription, { deploymentId, filter: filter ?? '' }, signal)
    for await (const { deploymentLogs } of events) yield deploymentLogs
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error
    follower.log.info({ deployment: deploymentId, reason: error.message }, 'Following logs by polling')
  }
}

async function linesSince(follower: Follower, { deploymentId, filter }: FollowInput, since: Date): Promise<readonly LogFields[]> {
  const variables = { deploymentId, limit: 500, startDate: since.toISOString(), filter: filter ?? null }
  return (await follower.request(deployLogsQuery, variables)).deploymentLogs
}
