import { likeness, type Sounding, sounding, soundOf } from './sound.ts'
import type { Word } from './words.ts'
import { wordsOf } from './words.ts'

/** A name that a few words may mean. */
export interface NameMatch {
  readonly name: string
  /** 0 to 1; 1 where the name was said as it is. */
  readonly likeness: number
}

/** Names by sound and spelling. */
export interface Names {
  /** Words that the longest name may be heard as. */
  readonly mostWords: number
  /**
   * The names that these words, taken together, may mean, the likeliest first; only those that come near it. `said`: only what was said as it
   * is; `whole`: no beginnings of names.
   */
  match(words: readonly Word[], how: 'said' | 'whole' | 'alike'): readonly NameMatch[]
}

/** A name or a run of parts of names: `websocket streaming`, `websocket`, `streaming`. */
interface Target {
  readonly letters: string
  readonly sound: string
  readonly parts: readonly Sounding[]
  /** Whose it is, and whether it is all of that name. */
  readonly names: Map<string, boolean>
  readonly pairs: readonly string[]
}

/** From here on it is worth asking whether this was meant. */
export const nearlyAlike = 0.55
const PART = 0.96
const BEGINNING = 0.8
const SHORT_BEGINNING = 0.6
const LEAST_SHARED = 0.4
const MOST_LOOKED_AT = 16
const LEAST_OF_A_PART = 0.65
const MOST_RUN = 4
const MOST_FOR_A_PART = 3
const SHORTEST_EDGE = 4
const R_ENDINGS = new Set(['her', 'here', 'hear', 'er', 'or', 'ear', 'air', 'are', 'our', 'a', 'ah', 'uh'])

/** What people and recognisers say for names that mean the same. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  production: ['prod', 'live'],
  prod: ['production', 'live'],
  staging: ['stage', 'stating', 'stage in'],
  stage: ['staging'],
  development: ['dev'],
  dev: ['development'],
  testing: ['test'],
}

/** Prepares names for matching: all costly work is done here, so that an utterance needs none of it. */
export function createNames(names: readonly string[]): Names {
  const targets = targetsOf(names)
  const exact = new Map(targets.map((target) => [target.letters, target]))
  const sorted = [...targets].sort((a, b) => (a.letters < b.letters ? -1 : 1))
  const holding = Map.groupBy(
    targets.flatMap(({ pairs }, index) => [...new Set(pairs)].map((pair) => ({ pair, index }))),
    ({ pair }) => pair,
  )
  const shared = new Uint16Array(targets.length)

  function begunBy(letters: string): readonly Target[] {
    if (letters.length < 3) return []
    let [low, high] = [0, sorted.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (sorted[middle]!.letters < letters) low = middle + 1
      else high = middle
    }
    let end = low
    while (end < sorted.length && sorted[end]!.letters.startsWith(letters)) end += 1
    return sorted.slice(low, end)
  }

  /** Those that share most of their sounds: the only ones whose distance is worth computing. */
  function near(sound: string): readonly Target[] {
    const pairs = pairsOf(sound)
    const touched: number[] = []
    for (const pair of pairs) {
      for (const { index } of holding.get(pair) ?? []) {
        if (shared[index] === 0) touched.push(index)
        shared[index]! += 1
      }
    }
    const found: { readonly target: Target; readonly dice: number }[] = []
    for (const index of touched) {
      const target = targets[index]!
      const dice = (2 * shared[index]!) / (pairs.length + target.pairs.length)
      if (dice >= LEAST_SHARED) found.push({ target, dice })
      shared[index] = 0
    }
    if (found.length > MOST_LOOKED_AT) found.sort((a, b) => b.dice - a.dice).length = MOST_LOOKED_AT
    return found.map(({ target }) => target)
  }

  return {
    mostWords: Math.min(8, Math.max(0, ...targets.map(({ parts }) => parts.length)) + 3),
    match(words, how) {
      const said = words.map(({ text }) => sounding(spelt(text)))
      const letters = said.map((each) => each.letters).join('')
      const best = new Map<string, number>()
      const found = (target: Target, alike: number) => {
        for (const [name, isWhole] of target.names) {
          const weighed = isWhole ? alike : alike * PART
          if (weighed >= nearlyAlike && weighed > (best.get(name) ?? 0)) best.set(name, weighed)
        }
      }
      const same = exact.get(letters)
      if (same) found(same, 1)
      else if (how !== 'said') {
        const whole = sounding(letters)
        if (how === 'alike') for (const target of begunBy(letters)) found(target, letters.length >= 4 ? BEGINNING : SHORT_BEGINNING)
        for (const target of near(whole.sound)) found(target, alike(said, whole, target))
      }
      return [...best].map(([name, likeness]) => ({ name, likeness })).sort((a, b) => b.likeness - a.likeness || (a.name < b.name ? -1 : 1))
    },
  }
}

/** Each run of parts once, whosever it is: a thousand workers have one part `worker`. */
function targetsOf(names: readonly string[]): readonly Target[] {
  const targets = new Map<string, Target>()
  for (const name of names) {
    const parts = wordsOf(name).map(({ text }) => spelt(text))
    const others = (OTHER_NAMES[name.toLowerCase()] ?? []).map((other): readonly string[] => other.split(' '))
    for (const run of [...runsOf(parts), ...others]) {
      const letters = run.join('')
      const isWhole = run.length === parts.length || others.includes(run)
      if (letters === '' || (!isWhole && letters.length < 3)) continue
      const sound = soundOf(letters)
      const target = targets.get(letters) ?? { letters, sound, parts: run.map(sounding), names: new Map(), pairs: pairsOf(sound) }
      targets.set(letters, target)
      target.names.set(name, isWhole || target.names.get(name) === true)
    }
  }
  return [...targets.values()]
}

function runsOf(parts: readonly string[]): readonly (readonly string[])[] {
  return parts.flatMap((_, from) => {
    const most = from === 0 ? parts.length : Math.min(parts.length, from + MOST_RUN)
    return Array.from({ length: most - from }, (_, more) => parts.slice(from, from + more + 1))
  })
}

/** Part by part where the words can be shared out among the parts, for one wrong part makes another name; else as a whole, and then nearly the same. */
function alike(said: readonly Sounding[], all: Sounding, wanted: Target): number {
  const { parts } = wanted
  // Names of three letters and fewer are either said or not.
  if (parts.length === 1) return wanted.letters.length <= 3 ? 0 : alikeTogether(said, wanted)
  if (said.length < parts.length) return nearlySame(all, wanted, 0.8)
  return sharedOut(said, parts) ?? (alikeTogether(said, wanted) > 0 ? nearlySame(all, wanted, 0.86) : 0)
}

function nearlySame(all: Sounding, wanted: Sounding, least: number): number {
  const whole = likeness(all, wanted)
  return whole >= least ? whole : 0
}

/** The mean likeness of the parts in the best way to share the words out, each part at least `LEAST_OF_A_PART`; undefined where there is none. */
function sharedOut(said: readonly Sounding[], parts: readonly Sounding[]): number | undefined {
  const [part, ...rest] = parts
  if (part === undefined) return said.length === 0 ? 1 : undefined
  let best: number | undefined
  for (let take = 1; take <= said.length - rest.length && take <= MOST_FOR_A_PART; take += 1) {
    const how = alikeTogether(said.slice(0, take), part)
    if (how < LEAST_OF_A_PART) continue
    const others = sharedOut(said.slice(take), rest)
    if (others === undefined) continue
    const mean = (how + others * rest.length) / parts.length
    if (mean > (best ?? 0)) best = mean
  }
  return best
}

/** How alike words are that were split: 0 where it would be no less alike without the first or the last of them, which then are not of it. */
function alikeTogether(said: readonly Sounding[], wanted: Sounding): number {
  const how = Math.max(partLikeness(joined(said), wanted), partLikeness(joined(endingLike(said, wanted)), wanted))
  if (said.length === 1) return how
  const without = [said.slice(1), said.slice(0, -1)].map((less) => partLikeness(joined(less), wanted))
  return how > Math.max(...without) ? how : 0
}

/** `process her` and `orchestrate a` end like `processor` and `orchestrator`. */
function endingLike(said: readonly Sounding[], { letters }: Sounding): readonly Sounding[] {
  const isEnding = said.length > 1 && letters.endsWith('r') && R_ENDINGS.has(said.at(-1)!.letters)
  return isEnding ? [...said.slice(0, -1), sounding(letters.slice(-2))] : said
}

/** A beginning or an end counts as much as it does for a name: `socket` for `websocket`. */
function partLikeness(said: Sounding, wanted: Sounding): number {
  const { letters } = said
  const isEdge =
    letters.length >= SHORTEST_EDGE &&
    letters !== wanted.letters &&
    (wanted.letters.startsWith(letters) || wanted.letters.endsWith(letters))
  return isEdge ? Math.max(BEGINNING, likeness(said, wanted)) : likeness(said, wanted)
}

function joined(said: readonly Sounding[]): Sounding {
  return said.length === 1 ? said[0]! : sounding(said.map(({ letters }) => letters).join(''))
}

/** Neighbouring sounds, with the ends marked. */
function pairsOf(sound: string): readonly string[] {
  const key = `^${sound}$`
  return Array.from({ length: key.length - 1 }, (_, at) => key.slice(at, at + 2))
}

const DIGITS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']

/** Digits as they are said, each by itself: `42` is `fourtwo`. */
function spelt(text: string): string {
  return /^\d+$/.test(text) ? [...text].map((digit) => DIGITS[Number(digit)] ?? digit).join('') : text
}
