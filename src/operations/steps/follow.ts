import type { DeploymentState } from '#src/adapters/railway/railway.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import { withTicks } from '#src/kernel/with-ticks.ts'
import type { Asked, Followed, Verdict } from '../operation.ts'
import { failed, pause, type Run, type StepRun, unknown } from '../run.ts'
import { failedDeployment } from './failed-deployment.ts'

/** How long a rollout may take in all, how often those who watch are told the time, and when silence is worth a word, in ms. */
const patienceMs = 20 * 60_000
const tickMs = 5_000
const silenceMs = 60_000
const retryMs = 3_000

const live = new Set(['SUCCESS', 'SLEEPING'])
const dead = new Set(['FAILED', 'CRASHED', 'SKIPPED', 'REMOVED', 'REMOVING'])

/** Follows the new deployment until Railway is done with it. Goes on for as long as Railway cannot be reached. */
export const follow: StepRun = async (run) => {
  if (run.steps.follow?.status === 'done') return undefined
  const { deployment: id } = run.steps.ask!.data as unknown as Asked & { readonly deployment: string }
  const rollout = createRollout(run)
  if (!run.steps.follow) await rollout.save()
  const deadline = run.steps.ask!.startedAt.getTime() + patienceMs
  let missing = 0
  while (run.clock.now().getTime() < deadline) {
    try {
      const last = await watch(run, id, rollout, deadline)
      if (last) return await conclude(run, last, rollout)
      const now = await run.railway.deployment(id)
      missing = now ? 0 : missing + 1
      if (missing === 5) return failed(`Railway no longer knows the deployment ${id} of ${run.operation.change.service.name}.`)
      if (now && isOver(now)) return await conclude(run, now, rollout)
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error
      await rollout.trouble(`Railway cannot be reached at the moment (${error.message.replace(/\.$/, '')}), so Helix keeps asking`)
    }
    await pause(run, retryMs)
  }
  return unknown(
    `Railway has not finished with the deployment ${id} of ${run.operation.change.service.name} after 20 minutes, so Helix stopped watching. An admin has to look in Railway and say how it ended. Until then ${run.operation.change.service.name} stays locked.`,
  )
}

/** The state that ended the rollout; undefined where the stream ended before. */
async function watch(run: Run, id: string, rollout: Rollout, deadline: number): Promise<DeploymentState | undefined> {
  const ending = new AbortController()
  const signal = AbortSignal.any([run.signal, ending.signal])
  let heard = run.clock.now().getTime()
  try {
    for await (const item of withTicks(run.railway.followDeployment(id, signal), run.clock, tickMs, signal)) {
      const now = run.clock.now().getTime()
      if (now >= deadline) return undefined
      if (item !== 'tick') {
        heard = now
        await rollout.see(item)
        if (isOver(item)) return item
      } else if (now - heard >= silenceMs) {
        await rollout.trouble('no news from Railway for more than a minute, so Helix keeps asking')
        heard = now
      } else {
        await run.tell()
      }
    }
    return undefined
  } finally {
    ending.abort()
  }
}

async function conclude(run: Run, last: DeploymentState, rollout: Rollout): Promise<Verdict | undefined> {
  await rollout.see(last)
  if (live.has(last.status)) {
    await rollout.end()
    return undefined
  }
  return failedDeployment(run, whyNot(run, last), last.id)
}

function whyNot({ operation: { change, environment }, course: { words } }: Run, { status }: DeploymentState): string {
  const what = `${change.service.name} was not ${words.done} ${words.preposition} ${environment.name}`
  switch (status) {
    case 'SKIPPED':
      return `${what}: Railway skipped the deployment (the checks of the repository failed, or nothing that it watches has changed).`
    case 'REMOVED':
    case 'REMOVING':
      return `${what}: the deployment was removed before it went live (cancelled, or another took its place).`
    case 'CRASHED':
      return `${what}: the new version crashed.`
    default:
      return `${what}: the deployment failed.`
  }
}

function isOver({ status }: DeploymentState): boolean {
  return live.has(status) || dead.has(status)
}

type Rollout = ReturnType<typeof createRollout>

/** What was seen so far, over takeovers. */
function createRollout(run: Run) {
  const earlier = run.steps.follow?.data as unknown as Followed | undefined
  let phases = earlier?.phases ?? []
  let troubled = earlier?.trouble !== undefined
  const save = (status: 'running' | 'done' = 'running', trouble?: string) => {
    troubled = trouble !== undefined
    return run.checkpoint('follow', status, { phases, ...(trouble !== undefined && { trouble }) } satisfies Followed)
  }
  return {
    save: () => save(),
    trouble: (words: string) => save('running', words),
    end: () => save('done'),
    async see({ status }: DeploymentState): Promise<void> {
      const isNew = phases.at(-1)?.status !== status
      if (isNew) phases = [...phases, { status, at: run.clock.now().toISOString() }]
      if ((isNew || troubled) && !live.has(status) && !dead.has(status)) await save()
    },
  }
}
