import type { Arguments } from '#src/kernel/argument.ts'
import type { Command } from '#src/kernel/command.ts'
import type { CommandBook } from '#src/kernel/command-book.ts'
import { parseSaying, type Saying, sayable } from '#src/kernel/saying.ts'
import { arcsOf, isWeak, type Part, type Phrase } from './phrase.ts'

/** How every command is said: derived from `commands/`, once. */
export interface Grammar {
  readonly phrases: readonly Phrase[]
  /** By command: its arguments alone, as they are said to correct or complete it. */
  readonly amendments: ReadonlyMap<string, Phrase>
  /** Every word that stands in a phrase. */
  readonly words: ReadonlySet<string>
  /** Words that begin an order to change something: `deploy`, `roll`. */
  readonly orders: ReadonlySet<string>
  /** By name, those that can be spoken. */
  readonly commands: CommandBook
}

/** Nouns that may stand beside a name and say nothing more. */
const NOUNS: Readonly<Record<string, readonly string[]>> = {
  service: ['service', 'services', 'app', 'application', 'microservice', 'container', 'server', 'component', 'backend', 'system', 'thing'],
  environment: ['environment', 'environments', 'env', 'cluster'],
  agent: ['agent'],
}
const PLACE = [
  'in',
  'on',
  'to',
  'at',
  'for',
  'into',
  'onto',
  'within',
  'inside',
  'over to',
  'over on',
  'over in',
  'out to',
  'out on',
  'up to',
  'up on',
  'live in',
]

/** The grammar of all commands that have the door `voice`. Throws an Error where a saying is wrong. */
export function createGrammar(book: CommandBook): Grammar {
  const commands = new Map([...book].filter(([, { doors }]) => doors.includes('voice')))
  const phrases = [...commands].flatMap(([name, command]) =>
    command.says.map((template) => phraseOf(name, command, parseSaying(template, command.arguments))),
  )
  const amendments = new Map([...commands].map(([name, command]) => [name, amendmentOf(name, command)]))
  const all = [...phrases, ...amendments.values()].flatMap(({ arcs }) => arcs.flat())
  const words = new Set(all.flatMap((arc) => (arc.kind === 'word' ? [arc.word] : [])))
  const changes = [...commands.values()].filter(({ risk }) => risk !== 'read')
  const orders = new Set(
    changes.flatMap(({ says, arguments: given }) => says.flatMap((template) => firstWords(parseSaying(template, given)))),
  )
  return { phrases, amendments, words, orders, commands }
}

/** A saying, and what may stand in it wherever it stands: `in staging` at both ends and before a service, nouns beside names. */
function phraseOf(name: string, { risk, arguments: given }: Command, saying: Saying): Phrase {
  const dressed = dress(saying, given)
  const environment = environmentOf(given)
  const endsWithText = saying.some((part) => part.kind === 'slot' && given[part.argument]?.said === 'text')
  const place = environment === undefined ? [] : [perhaps(anyOf(PLACE), ...named(environment, 'environment'))]
  const parts = [...place, ...dressed, ...(endsWithText ? [] : place)]
  return { command: name, isChange: risk !== 'read', place: environment, arcs: arcsOf(parts, given), needs: needsOf(saying) }
}

function dress(parts: readonly Part[], given: Arguments): readonly Part[] {
  const environment = environmentOf(given)
  return parts.flatMap((part): readonly Part[] => {
    if (part.kind === 'choice') return [{ ...part, branches: part.branches.map((branch) => dress(branch, given)) }]
    if (part.kind === 'word') return [part]
    const { said } = given[part.argument]!
    if (said !== 'service') return named(part.argument, typeof said === 'string' ? said : '')
    const before = environment === undefined ? [] : [perhaps(perhaps(anyOf(PLACE)), ...named(environment, 'environment', true))]
    const after = environment === undefined ? [] : [perhaps(anyOf(PLACE), ...named(environment, 'environment', true))]
    return [...before, ...named(part.argument, 'service'), ...after]
  })
}

/** The values of a command's arguments, in any number: `the voice processor`, `to four replicas`, `in staging`. */
function amendmentOf(name: string, { risk, arguments: given }: Command): Phrase {
  const all = Object.entries(given).filter(([, argument]) => sayable(argument) && argument.said !== 'text')
  const parts = all.map(([argument, { narrows, said, shape }]): Part => {
    const before = perhaps(anyOf(narrows ? PLACE : ['to', 'of', 'for', 'with']))
    const after = shape.type === 'integer' ? [perhaps(anyOf(['replicas', 'instances', 'copies', 'pods', 'lines']))] : []
    return perhaps(before, ...named(argument, typeof said === 'string' ? said : ''), ...after)
  })
  return { command: name, isChange: risk !== 'read', arcs: arcsOf(parts, given), needs: [] }
}

function named(argument: string, said: string, isStrict = false): readonly Part[] {
  const nouns = NOUNS[said]
  const beside = nouns ? [perhaps(anyOf(nouns))] : []
  return [...beside, { kind: 'slot', argument, isStrict }, ...beside]
}

function environmentOf(given: Arguments): string | undefined {
  return Object.keys(given).find((argument) => given[argument]!.narrows === 'environment')
}

function perhaps(...parts: readonly Part[]): Part {
  return { kind: 'choice', branches: [parts], mayBeLeftOut: true }
}

function anyOf(words: readonly string[]): Part {
  return { kind: 'choice', branches: words.map((each) => each.split(' ').map((word) => ({ kind: 'word', word }))), mayBeLeftOut: false }
}

function firstWords(saying: Saying): readonly string[] {
  const [first, ...rest] = saying
  if (!first || first.kind === 'slot') return []
  if (first.kind === 'word') return [first.word]
  return [...first.branches.flatMap(firstWords), ...(first.mayBeLeftOut ? firstWords(rest) : [])]
}

/** Of each part that is always said its words; recognisers lose weak ones, so that they are needed nowhere. */
function needsOf(saying: Saying): readonly ReadonlySet<string>[] {
  return saying.flatMap((part): readonly ReadonlySet<string>[] => {
    if (part.kind === 'word') return isWeak(part.word) ? [] : [new Set([part.word])]
    if (part.kind === 'slot' || part.mayBeLeftOut) return []
    const branches = part.branches.map((branch) => needsOf(branch)[0])
    return branches.every((each) => each !== undefined) ? [new Set(branches.flatMap((each) => [...each]))] : []
  })
}
