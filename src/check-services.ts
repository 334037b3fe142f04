import type { EnvironmentState, Railway } from './adapters/railway/railway.ts'
import { serviceVariables } from './config/service-variables.ts'
import type { Clock } from './kernel/clock.ts'
import { UserError } from './kernel/errors.ts'
import { ask } from './probes/ask.ts'
import type { Seen, Target } from './probes/probe.ts'
import { probeOnce } from './probes/probe-once.ts'
import type { Tokens } from './tokens/tokens.ts'

/** A service to be checked, or why it is left alone. */
export interface Located {
  readonly name: string
  readonly target: Target
  readonly url: URL | undefined
  readonly leftAlone?: string
}

export interface Checked extends Located {
  /** Of `/health/ready`: can it do all of its work? Undefined where it does not say. */
  readonly ready: boolean | undefined
  readonly probed: Seen | undefined
  /** Undefined: nobody can say, and nothing is held against it. */
  readonly well: boolean | undefined
}

export interface CheckDeps {
  readonly tokens: Pick<Tokens, 'forService'>
  readonly clock: Clock
}

const READY_MS = 5_000

/** Every service at once: ready, healthy, and in use as its users use it. */
export function checkServices(located: readonly Located[], deps: CheckDeps): Promise<readonly Checked[]> {
  return Promise.all(located.map((each) => check(each, deps)))
}

async function check(located: Located, deps: CheckDeps): Promise<Checked> {
  const { target, url, leftAlone } = located
  if (leftAlone !== undefined) return { ...located, ready: undefined, probed: undefined, well: undefined }
  if (url === undefined) return { ...located, ready: undefined, probed: undefined, well: false }
  const [probed, ready] = await Promise.all([probeOnce(target, url, deps), isReady(url, deps.clock)])
  // Whatever else runs in the project may have no health route at all.
  const silent = target === 'other' && (probed.trouble === 'nothing there' || probed.trouble === 'unexpected answer')
  return { ...located, ready, probed, well: silent ? undefined : probed.state === 'well' && ready !== false }
}

async function isReady(url: URL, clock: Clock): Promise<boolean | undefined> {
  const done = new AbortController()
  const late = new AbortController()
  void clock.sleep(READY_MS, done.signal).then(() => done.signal.aborted || late.abort())
  try {
    const { status } = await ask({ url, token: undefined, signal: late.signal, fetch }, '/health/ready', true)
    return status === 200 ? true : status === 503 ? false : undefined
  } catch {
    return undefined // The probe says why.
  } finally {
    done.abort()
  }
}

/** The services of an environment by their public domains. What may sleep is left alone: asking would wake it. */
export function locatedIn(state: EnvironmentState): readonly Located[] {
  const ours = Object.keys(serviceVariables)
  return state.services.flatMap((service): readonly Located[] => {
    const target = ours.find((name) => name === service.name) as Target | undefined
    const domain = service.domains[0]
    const base = { name: service.name, target: target ?? 'other' } as const
    if (service.sleepApplication || service.serving?.status === 'SLEEPING')
      return [{ ...base, url: undefined, leftAlone: 'it may sleep, and asking would wake it' }]
    if (domain === undefined) return target ? [{ ...base, url: undefined, leftAlone: 'it has no public domain' }] : []
    return [{ ...base, url: new URL(`${/^(127\.0\.0\.1|localhost)(:|$)/.test(domain) ? 'http' : 'https'}://${domain}`) }]
  })
}

/** The environment of that name. Throws UserError where the token reaches none, UpstreamError. */
export async function environmentNamed(railway: Railway, given: string | undefined, name: string): Promise<EnvironmentState> {
  const scope = await railway.scope()
  const project = scope.kind === 'project' ? scope.project.id : given
  if (project === undefined) throw new UserError('RAILWAY_PROJECT_ID is missing: the token reaches many projects.')
  const { name: projectName, environments } = await railway.project(project)
  const found = environments.find((each) => each.name.toLowerCase() === name)
  if (found) return railway.environment(project, found.id)
  const reached = environments.map((each) => each.name).join(', ') || 'none'
  throw new UserError(`The Railway token reaches no environment ${name} of ${projectName} (it reaches: ${reached}).`)
}

/** A line for each, for a terminal. */
export function checkedLines(checked: readonly Checked[]): readonly string[] {
  const rows = checked.map((each) => [sign(each), each.name, health(each), ready(each), latency(each), saying(each)])
  const all = [['', 'service', 'health', 'ready', 'latency', 'probe'], ...rows]
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => row[column]!.length)))
  return all.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

function sign({ well }: Checked): string {
  return well === undefined ? '?' : well ? '✓' : '✗'
}

function health({ probed }: Checked): string {
  if (!probed) return '–'
  if (probed.down.length > 0) return `degraded (${probed.down.join(', ')})`
  if (probed.state === 'failing') return probed.trouble ?? 'failing'
  return probed.state === 'well' ? 'healthy' : 'degraded'
}

function ready({ ready: is }: Checked): string {
  return is === undefined ? '–' : is ? 'yes' : 'no'
}

function latency({ probed }: Checked): string {
  return probed ? `${probed.latencyMs} ms` : '–'
}

function saying({ probed, leftAlone, url }: Checked): string {
  if (leftAlone !== undefined) return `Not asked: ${leftAlone}.`
  if (!probed) return 'Nothing tells where it is.'
  const { sentence, openOnly, target } = probed
  const limited = openOnly && target !== 'other' && probed.state === 'well' ? ' Only what is open was looked at.' : ''
  return `${sentence}${limited} ${url?.origin}`
}
