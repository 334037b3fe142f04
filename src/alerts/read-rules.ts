import { isMap, isPair, isScalar, LineCounter, type Node, parseDocument } from 'yaml'
import { z } from 'zod'
import { type Fault, faultsOf, pathWords } from './faults.ts'
import { alertRule, type Rule } from './rule.ts'

/** The most rules of a place, and of a file. */
export const mostRules = 200

/** What a rules file says. */
const rulesFile = z.strictObject({
  /** Whether the rules that Helix brings along hold as well. */
  defaults: z.boolean().default(true),
  rules: z.array(alertRule, 'must be a list of rules').max(mostRules, `has more than ${mostRules} rules`).default([]),
})

export interface FileRules {
  readonly defaults: boolean
  readonly rules: readonly Rule[]
}

/** Why a text cannot be read as rules: a line for each fault, with its line number. */
export class RulesFault extends Error {
  override readonly name = 'RulesFault'
}

const mostFaults = 5

/** Reads a rules file, YAML or JSON. Throws RulesFault. */
export function readRules(text: string): FileRules {
  const lines = new LineCounter()
  const document = parsed(text, lines)
  const lineOf = (offset: number) => lines.linePos(offset).line
  const [broken] = document.errors
  if (broken && /call stack/i.test(broken.message)) throw nested()
  if (broken) throw new RulesFault(`line ${lineOf(broken.pos[0])}: it is no YAML: ${broken.message}`)
  const data = dataOf(() => document.toJS({ maxAliasCount: 100 }) as unknown)
  const read = rulesFile.safeParse(data ?? {})
  const faults = read.success ? namedTwice(read.data.rules) : faultsOf(read.error, data ?? {})
  if (read.success && faults.length === 0) return read.data
  const said = faults.slice(0, mostFaults).map(({ path, message }) => {
    const at = nodeAt(document.contents, path)
    return `line ${at ? lineOf(at) : 1}: ${path.length === 0 ? 'the file' : pathWords(path)} ${message}`
  })
  const more = faults.length > mostFaults ? [`and ${faults.length - mostFaults} more`] : []
  throw new RulesFault([...said, ...more].join('\n'))
}

/** Thousands of levels are more than the reader's stack takes. */
function parsed(text: string, lineCounter: LineCounter) {
  try {
    return parseDocument(text, { lineCounter, prettyErrors: false })
  } catch (error) {
    if (error instanceof RangeError) throw nested()
    throw error
  }
}

function nested(): RulesFault {
  return new RulesFault('line 1: it is nested too deeply')
}

/** Aliases that blow up are refused by the reader of YAML itself. */
function dataOf(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) throw nested()
    throw new RulesFault(`line 1: it cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function namedTwice(rules: readonly Rule[]): readonly Fault[] {
  return rules.flatMap(({ name }, at) =>
    rules.findIndex((each) => each.name === name) < at ? [{ path: ['rules', at, 'name'], message: 'is the name of a rule before it' }] : [],
  )
}

/** Where in the text a path begins; of what is missing, where its holder does. */
function nodeAt(root: Node | null, path: readonly PropertyKey[]): number | undefined {
  let node: unknown = root
  let found = root?.range?.[0]
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === step)
      if (!pair) return found
      found = (pair.key as { readonly range?: readonly number[] }).range?.[0] ?? found
      node = pair.value
    } else {
      const items = (node as { readonly items?: readonly unknown[] } | null)?.items
      const item = typeof step === 'number' ? items?.[step] : undefined
      if (item === undefined) return found
      found = (item as { readonly range?: readonly number[] }).range?.[0] ?? found
      node = item
    }
  }
  return found
}
