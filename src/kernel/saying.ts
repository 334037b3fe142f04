import type { Argument, Arguments } from './argument.ts'

/** One way to say a command, taken apart. */
export type SayingPart =
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'slot'; readonly argument: string }
  | { readonly kind: 'choice'; readonly branches: readonly Saying[]; readonly mayBeLeftOut: boolean }

export type Saying = readonly SayingPart[]

const TOKEN = /\{([a-z][a-z0-9-]*)\}|[a-z0-9]+|[()[\]|]/gy
const CLOSING = { '(': ')', '[': ']' } as const

/**
 * Takes a template of a command's `says` apart: words in lower case, `{argument}`, `[may be left out]`, `(either|or)`, nested as needed.
 * Throws an Error that says what is wrong with it: a saying must hold a word that is always said and every argument that the command cannot
 * do without, each at most once, and a free text only as its end, for it takes all that follows.
 */
export function parseSaying(template: string, given: Arguments): Saying {
  const fault = (what: string) => new Error(`the saying “${template}” ${what}`)
  const tokens = tokensOf(template, fault)
  let next = 0

  function sequence(end: string | undefined): Saying[] {
    const branches: SayingPart[][] = [[]]
    for (;;) {
      const token = tokens[next]
      next += 1
      if (token === end) break
      if (token === undefined) throw fault(`lacks ${end}`)
      if (token === '|' && end !== undefined) branches.push([])
      else branches.at(-1)!.push(part(token))
    }
    if (branches.some((branch) => branch.length === 0)) throw fault(end === undefined ? 'is empty' : 'has an empty choice')
    return branches
  }

  function part(token: string): SayingPart {
    if (token === '(' || token === '[') return { kind: 'choice', branches: sequence(CLOSING[token]), mayBeLeftOut: token === '[' }
    if (!token.startsWith('{')) {
      if (!/^[a-z0-9]+$/.test(token)) throw fault(`has a ${token} that nothing opened`)
      return { kind: 'word', word: token }
    }
    const argument = token.slice(1, -1)
    const known = Object.hasOwn(given, argument) ? given[argument] : undefined
    if (!known) throw fault(`names {${argument}}, which is no argument of the command`)
    if (!sayable(known)) throw fault(`names {${argument}}, which cannot be said`)
    return { kind: 'slot', argument }
  }

  const saying = sequence(undefined)[0]!
  checkSlots(saying, given, fault)
  return saying
}

/** Whether speech can fill it: a live name, a number, one of a few words, a length of time, a text. */
export function sayable({ said, shape }: Argument<unknown>): boolean {
  return said !== undefined || shape.type === 'integer' || (shape.type === 'string' && shape.choices !== undefined)
}

function tokensOf(template: string, fault: (what: string) => Error): readonly string[] {
  const tokens: string[] = []
  for (let at = 0; at < template.length; ) {
    if (template[at] === ' ') {
      at += 1
      continue
    }
    TOKEN.lastIndex = at
    const [token] = TOKEN.exec(template) ?? []
    if (token === undefined) throw fault(`has “${template.slice(at, at + 10)}”: only words in lower case, {argument}, [ ], ( ) and |`)
    tokens.push(token)
    at += token.length
  }
  return tokens
}

function checkSlots(saying: Saying, given: Arguments, fault: (what: string) => Error): void {
  const { always, most, words } = survey(saying)
  if (!words) throw fault('has no word that is always said, so anything would be it')
  for (const [argument, times] of most) if (times > 1) throw fault(`can name {${argument}} twice`)
  for (const [argument, { required }] of Object.entries(given)) {
    if (required && !always.has(argument)) throw fault(`can leave out {${argument}}, which the command needs`)
  }
  const isText = (part: SayingPart) => part.kind === 'slot' && given[part.argument]?.said === 'text'
  const texts = [...most.keys()].filter((argument) => given[argument]?.said === 'text')
  if (texts.length > 1 || (texts.length === 1 && !isText(saying.at(-1)!))) throw fault('has a text that is not its end')
}

interface Survey {
  /** Arguments that are named however it is said. */
  readonly always: ReadonlySet<string>
  /** How often each can be named at most. */
  readonly most: ReadonlyMap<string, number>
  /** Whether at least one word is said however it is said. */
  readonly words: boolean
}

function survey(saying: Saying): Survey {
  const always = new Set<string>()
  const most = new Map<string, number>()
  let words = false
  for (const part of saying) {
    if (part.kind === 'word') words = true
    else if (part.kind === 'slot') {
      always.add(part.argument)
      most.set(part.argument, (most.get(part.argument) ?? 0) + 1)
    } else {
      const branches = part.branches.map(survey)
      const [first] = branches
      if (!part.mayBeLeftOut) {
        words ||= branches.every((branch) => branch.words)
        for (const argument of first!.always) if (branches.every((branch) => branch.always.has(argument))) always.add(argument)
      }
      for (const argument of new Set(branches.flatMap((branch) => [...branch.most.keys()]))) {
        most.set(argument, (most.get(argument) ?? 0) + Math.max(...branches.map((branch) => branch.most.get(argument) ?? 0)))
      }
    }
  }
  return { always, most, words }
}
