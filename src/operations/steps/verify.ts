import type { DeploymentState } from '#src/adapters/railway/railway.ts'
import { sayDuration } from '#src/kernel/arguments/duration.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import type { Fact } from '#src/kernel/report.ts'
import { count, stateWords, version } from '#src/kernel/say.ts'
import type { Asked, Verdict } from '../operation.ts'
import { serviceOf } from '../plan.ts'
import type { Prepared } from '../plans/prepared.ts'
import { failed, pause, type Run, type StepRun } from '../run.ts'
import { failedDeployment } from './failed-deployment.ts'
import { fingerprints } from './find-outcome.ts'

/** How long replicas may take to run, in ms; a good look must be followed by another, as a crash loop runs now and then. */
const patienceMs = { deployment: 60_000, instances: 120_000, replicas: 180_000 } as const
const goodLooks = 2
/** Until then Railway may show what was before a restart; one that shows in no look within this time went by between two looks. */
const restartMs = 10_000

/** Over all looks: whether the processes were seen to be others, or on their way. */
interface Seen {
  moved: boolean
}

interface Reading {
  readonly deployment: DeploymentState | undefined
  readonly running: number
  readonly wanted: number
  readonly state: 'good' | 'not yet' | 'over'
}

/** A deployment that reads SUCCESS may crash again and again: only replicas that run are a success. */
export const verify: StepRun = async (run) => {
  await run.checkpoint('verify', 'running', run.steps.verify?.data ?? {})
  const deadline = run.steps.verify!.startedAt.getTime() + patienceMs[run.course.outcome]
  const seen: Seen = { moved: false }
  let good = 0
  let last: Reading | undefined
  for (let looks = 0; ; looks += 1) {
    last = (await read(run, seen)) ?? last
    good = last?.state === 'good' ? good + 1 : 0
    if (good === goodLooks) return succeeded(run, last!)
    if (last?.state === 'over' || run.clock.now().getTime() >= deadline) return notRunning(run, last)
    await pause(run, looks < 5 ? 1_000 : looks < 15 ? 2_000 : 5_000)
    if (looks % 3 === 2) await run.tell()
  }
}

/** Undefined where Railway cannot be read now. */
async function read(run: Run, seen: Seen): Promise<Reading | undefined> {
  try {
    return await readings[run.course.outcome](run, seen)
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error
    run.log.info({ operation: run.operation.id, reason: error.message }, 'replicas cannot be read yet')
    return undefined
  }
}

const readings: { readonly [Outcome in Run['course']['outcome']]: (run: Run, seen: Seen) => Promise<Reading> } = {
  async deployment(run) {
    const deployment = await run.railway.deployment(asked(run).deployment!)
    return judged(deployment, wantedOf(run, deployment), prepared(run).cron)
  },
  async instances(run, seen) {
    const deployment = await run.railway.deployment(asked(run).deployment!)
    const reading = judged(deployment, prepared(run).replicas, false)
    seen.moved ||= fingerprints(deployment).join() !== asked(run).instances.join()
    const isEarly = run.clock.now().getTime() - run.steps.ask!.startedAt.getTime() < restartMs
    return !seen.moved && isEarly ? { ...reading, state: 'not yet' } : reading
  },
  async replicas(run) {
    const { place, change } = run.operation
    const { serving, regions, cron } = serviceOf(await run.railway.environment(place.project, place.environment), change)
    const reading = judged(serving, prepared(run).replicas, cron !== undefined)
    const isSet = Object.entries(prepared(run).regions ?? {}).every(([region, replicas]) => (regions[region] ?? 0) === replicas)
    const state = reading.state === 'over' || !isSet || reading.running > reading.wanted ? 'not yet' : reading.state
    return { ...reading, state }
  },
}

function judged(deployment: DeploymentState | undefined, wanted: number, cron: boolean): Reading {
  const running = deployment?.instances.filter(({ status }) => status === 'RUNNING').length ?? 0
  const reading = { deployment, running, wanted }
  if (!deployment || ['FAILED', 'CRASHED', 'REMOVED', 'REMOVING', 'SKIPPED'].includes(deployment.status))
    return { ...reading, state: 'over' }
  const atRest = deployment.status === 'SLEEPING' || (deployment.status === 'SUCCESS' && (deployment.stopped || cron))
  const runs = deployment.status === 'SUCCESS' && running >= wanted
  return { ...reading, state: atRest || runs ? 'good' : 'not yet' }
}

async function succeeded(run: Run, { deployment, running, wanted }: Reading): Promise<Verdict> {
  const { change, environment, createdAt } = run.operation
  await run.checkpoint('verify', 'done', { running, wanted })
  const took = sayDuration(Math.max(1, Math.round((run.clock.now().getTime() - createdAt.getTime()) / 1_000)) * 1_000)
  const what = change.kind === 'scale' || change.kind === 'restart' || !deployment ? '' : ` ${version(deployment)} is live and`
  const replicas = restWords(deployment) ?? `${running} of ${count(wanted, 'replica')} ${running === 1 ? 'runs' : 'run'}`
  const { done, preposition } = run.course.words
  return {
    status: 'succeeded',
    sentence: `${change.service.name} was ${done} ${preposition} ${environment.name} in ${took}:${what} ${replicas}.`,
    facts: nowFacts(deployment, running, wanted),
    lines: [],
  }
}

async function notRunning(run: Run, last: Reading | undefined): Promise<Verdict> {
  const { change, environment } = run.operation
  const state = last?.deployment && stateWords(last.deployment.status)
  const seen = last ? `${tooFew(last)}${state === undefined ? '' : ` (Railway says: ${state})`}` : 'Railway could not be read since'
  const id = last?.deployment?.id ?? asked(run).deployment
  const sentence = `Railway did what was asked with ${change.service.name} in ${environment.name}, but ${seen}.`
  return id === undefined ? failed(sentence) : failedDeployment(run, sentence, id)
}

function tooFew({ running, wanted }: Reading): string {
  if (running > 0) return `only ${running} of ${count(wanted, 'replica')} ${running === 1 ? 'runs' : 'run'}`
  return wanted === 1 ? 'its one replica does not run' : `none of its ${wanted} replicas runs`
}

function nowFacts(deployment: DeploymentState | undefined, running: number, wanted: number): readonly Fact[] {
  return [
    ...(deployment ? [{ label: 'Serves now', value: version(deployment) }] : []),
    { label: 'Running', value: restWords(deployment) ?? `${running} of ${wanted}` },
    ...(deployment?.url === undefined
      ? []
      : [{ label: 'Address', value: deployment.url.includes('://') ? deployment.url : `https://${deployment.url}` }]),
  ]
}

function restWords(deployment: DeploymentState | undefined): string | undefined {
  if (deployment?.status === 'SLEEPING') return 'it sleeps until somebody asks for it'
  return deployment?.stopped ? 'it ran to its end' : undefined
}

function wantedOf(run: Run, deployment: DeploymentState | undefined): number {
  const made = Object.values(deployment?.regions ?? {}).reduce((sum, each) => sum + each, 0)
  return made > 0 ? made : prepared(run).replicas
}

function prepared(run: Run): Prepared {
  return run.steps.check!.data as unknown as Prepared
}

function asked(run: Run): Asked {
  return run.steps.ask!.data as unknown as Asked
}
