import { type Fault, faultsOf, pathWords } from '#src/alerts/faults.ts'
import { UserError } from '#src/kernel/errors.ts'
import { type ScaleRules, scaleRules } from './scale-rules.ts'

/** Where in the rules each option of `/autoscale set` stands. */
const places = {
  ...{ min: ['min'], max: ['max'] },
  ...{ cpu: ['targets', 'cpu'], memory: ['targets', 'memory'], requests: ['targets', 'requestRate'], latency: ['targets', 'latency'] },
  ...{ queue: ['targets', 'queue', 'key'], group: ['targets', 'queue', 'group'], each: ['targets', 'queue', 'each'] },
  tolerance: ['tolerance'],
  ...{ 'up-after': ['up', 'for'], 'up-cooldown': ['up', 'cooldown'], 'up-step': ['up', 'step'] },
  ...{ 'down-after': ['down', 'for'], 'down-cooldown': ['down', 'cooldown'], 'down-step': ['down', 'step'] },
  ...{ schedule: ['schedules'], 'time-zone': ['timeZone'] },
  ...{ consciousness: ['consciousness'], 'per-hour': ['perHour'], dollars: ['dollars'] },
} as const satisfies Readonly<Record<string, readonly string[]>>

type Option = keyof typeof places
/** As people give them; `none` takes away what is there. */
export type ScaleOptions = { readonly [Name in Option]?: string | number | undefined }
type Tree = { [key: string]: unknown }

const numbers: readonly Option[] = ['each', 'dollars']

/** What was written before, with what is given now in its place. */
export function writtenWith(before: unknown, options: ScaleOptions): Readonly<Record<string, unknown>> {
  const rules: Tree = isTree(before) ? structuredClone(before) : {}
  for (const [option, place] of Object.entries(places) as [Option, readonly string[]][]) {
    const given = options[option]
    if (given === undefined) continue
    // Without its key nothing is left of a queue.
    if (isNone(given)) remove(rules, option === 'queue' ? place.slice(0, -1) : place)
    else put(rules, place, numbers.includes(option) ? asNumber(given) : given)
  }
  return rules
}

/** Throws UserError that names every fault by its option. */
export function readWritten(written: Readonly<Record<string, unknown>>, consequence: string): ScaleRules {
  const read = scaleRules.safeParse(written)
  if (read.success) return read.data
  const faults = faultsOf(read.error).map(({ path, message }) =>
    path.length === 1 && path[0] === 'targets' ? `of the targets ${message}` : `“${optionOf(path)}” ${message}`,
  )
  throw new UserError(`${consequence}: ${[...new Set(faults)].join('; ')}.`)
}

function optionOf(path: Fault['path']): string {
  const found = Object.entries(places).find(([, place]) => place.every((step, index) => path[index] === step))
  if (!found) return pathWords(path)
  return pathWords([found[0], ...path.slice(found[1].length)])
}

function isNone(given: string | number): boolean {
  return typeof given === 'string' && ['none', 'off', '-'].includes(given.trim().toLowerCase())
}

/** What is no number stays as it is: the rules say what is wrong with it. */
function asNumber(given: string | number): string | number {
  return /^\d{1,10}(\.\d{1,6})?$/.test(String(given).trim()) ? Number(given) : given
}

function put(tree: Tree, [step, ...rest]: readonly string[], value: unknown): void {
  if (step === undefined) return
  if (rest.length === 0) {
    tree[step] = value
    return
  }
  const inner = isTree(tree[step]) ? tree[step] : {}
  tree[step] = inner
  put(inner, rest, value)
}

function remove(tree: Tree, [step, ...rest]: readonly string[]): void {
  if (step === undefined) return
  if (rest.length === 0) delete tree[step]
  else if (isTree(tree[step])) remove(tree[step], rest)
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
