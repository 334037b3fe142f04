/** Words that take something back, and mean nothing that should be. */
const REFUSING = new Set(
  'not never stop avoid skip forget cancel abort hold without except neither nor nothing none nobody anything'.split(' '),
)
/** What may stand before the no of a sentence that is one. */
const LEADING = new Set(
  (
    'i we you it that this is please just really actually rather better certainly absolutely definitely would do did does will shall should ' +
    'could can must had let us so ok well sorry wait oops oh no nope nah but and make said mean meant think want under'
  ).split(' '),
)
/** What says nothing after it. */
const EMPTY = new Set(
  (
    'i we you it that this is so do did want now yet ever way at all any anything more anymore thanks thank please just really think today ' +
    'right good correct idea what one like no not never mind ok sorry the a for me us to'
  ).split(' '),
)
const NOES = new Set(['no', 'nope', 'nah', 'wait'])

/** What is left of a sentence that refuses something, from the word after its no; empty where it only says no. Undefined: it refuses nothing. */
export function refusedBy(texts: readonly string[]): readonly string[] | undefined {
  const at = texts.findIndex((text) => !LEADING.has(text))
  if (at >= 0 && REFUSING.has(texts[at]!)) {
    const rest = texts.slice(at + 1)
    return rest.every((text) => EMPTY.has(text)) ? [] : rest
  }
  const isBare = NOES.has(texts[0] ?? '') && texts.every((text) => EMPTY.has(text) || LEADING.has(text))
  return isBare ? [] : undefined
}

/** Where a sentence says of one value that another is meant, as ranges of its words. */
export interface Contrast {
  readonly refused: readonly [from: number, to?: number]
  readonly wanted: readonly [from: number, to?: number]
}

const BETWEEN = [['but', 'not'], ['and', 'not'], ['instead', 'of'], ['rather', 'than'], ['not']] as const
const BEFORE = [['instead', 'of'], ['rather', 'than'], ['not']] as const

/**
 * Each way to take a sentence apart into what is refused and what is wanted for it: `not staging, production`, `not staging but production`,
 * `production, not staging`, `production instead of staging`. None: it holds no contrast. `whole` is what follows a no at its beginning.
 */
export function contrastsIn(texts: readonly string[]): { readonly whole?: number; readonly contrasts: readonly Contrast[] } | undefined {
  const startsAt = (at: number) => (phrase: readonly string[]) => phrase.every((word, index) => texts[at + index] === word)
  const before = BEFORE.find(startsAt(0))
  if (before) {
    const from = before.length
    const splits = Array.from({ length: Math.max(0, texts.length - from - 1) }, (_, index) => from + index + 1)
    const contrasts = splits.map((at): Contrast => ({ refused: [from, at], wanted: [texts[at] === 'but' ? at + 1 : at] }))
    return { whole: from, contrasts }
  }
  for (let at = 1; at < texts.length; at += 1) {
    const between = BETWEEN.find(startsAt(at))
    if (between) return { contrasts: [{ wanted: [0, at], refused: [at + between.length] }] }
  }
  return undefined
}
