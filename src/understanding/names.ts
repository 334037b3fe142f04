import { likeness, soundOf } from './sound.ts'
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
  /** The names that these words, taken together, may mean, the likeliest first; only those that come near it. */
  match(words: readonly Word[]): readonly NameMatch[]
}

/** A name or a run of its parts: `websocket streaming`, `websocket`, `streaming`. */
interface Target {
  readonly name: string
  readonly parts: readonly string[]
  readonly letters: string
  readonly isWhole: boolean
  readonly pairs: readonly string[]
}

/** From here on it is worth asking whether this was meant. */
export const nearlyAlike = 0.55
const PART = 0.96
const BEGINNING = 0.8
const SHORT_BEGINNING = 0.6
const MOST_LOOKED_AT = 24
const LEAST_OF_A_PART = 0.65
const MOST_RUN = 4

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
  const targets = names.flatMap(targetsOf)
  const exact = Map.groupBy(targets, ({ letters }) => letters)
  const sorted = [...targets].sort((a, b) => (a.letters < b.letters ? -1 : 1))
  const holding = new Map<string, number[]>()
  targets.forEach(({ pairs }, index) => {
    for (const pair of new Set(pairs)) {
      const known = holding.get(pair)
      if (known) known.push(index)
      else holding.set(pair, [index])
    }
  })

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
  function near(letters: string): readonly Target[] {
    const pairs = pairsOf(letters)
    const shared = new Map<number, number>()
    for (const pair of pairs) for (const index of holding.get(pair) ?? []) shared.set(index, (shared.get(index) ?? 0) + 1)
    return [...shared]
      .map(([index, count]) => ({ target: targets[index]!, dice: (2 * count) / (pairs.length + targets[index]!.pairs.length) }))
      .filter(({ dice }) => dice >= 0.35)
      .sort((a, b) => b.dice - a.dice)
      .slice(0, MOST_LOOKED_AT)
      .map(({ target }) => target)
  }

  return {
    mostWords: Math.min(8, Math.max(0, ...targets.map(({ parts }) => parts.length)) + 3),
    match(words) {
      const said = words.map(({ text }) => (/^\d+$/.test(text) ? spelt(text) : text))
      const letters = said.join('')
      const best = new Map<string, number>()
      const found = (target: Target, how: number) => {
        const weighed = target.isWhole ? how : how * PART
        if (weighed >= nearlyAlike && weighed > (best.get(target.name) ?? 0)) best.set(target.name, weighed)
      }
      for (const target of exact.get(letters) ?? []) found(target, 1)
      if (best.size === 0) {
        for (const target of begunBy(letters)) found(target, letters.length >= 4 ? BEGINNING : SHORT_BEGINNING)
        for (const target of near(letters)) found(target, alike(said, letters, target))
      }
      return [...best].map(([name, how]) => ({ name, likeness: how })).sort((a, b) => b.likeness - a.likeness || (a.name < b.name ? -1 : 1))
    },
  }
}

function targetsOf(name: string): readonly Target[] {
  const parts = wordsOf(name).map(({ text }) => (/^\d+$/.test(text) ? spelt(text) : text))
  const runs: string[][] = []
  for (let from = 0; from < parts.length; from += 1) {
    const most = from === 0 ? parts.length : Math.min(parts.length, from + MOST_RUN)
    for (let to = from + 1; to <= most; to += 1) runs.push(parts.slice(from, to))
  }
  const whole = parts.length
  const others = (OTHER_NAMES[name.toLowerCase()] ?? []).map((other) => ({ run: other.split(' '), isWhole: true }))
  return [...runs.map((run) => ({ run, isWhole: run.length === whole })), ...others]
    .filter(({ run, isWhole }) => isWhole || run.join('').length >= 3)
    .map(({ run, isWhole }) => {
      const letters = run.join('')
      return { name, parts: run, letters, isWhole, pairs: pairsOf(letters) }
    })
}

/** Part by part where the words can be shared out among the parts, for one wrong part makes another name; else as a whole, and then nearly the same. */
function alike(said: readonly string[], letters: string, { parts, letters: wanted }: Target): number {
  if (parts.length === 1) return lenient(likeness(letters, wanted), wanted)
  const whole = likeness(letters, wanted)
  if (said.length < parts.length) return whole >= 0.8 ? whole : 0
  const shared = sharedOut(said, parts)
  return Math.max(shared ?? 0, whole >= 0.86 && shared === undefined ? whole : 0)
}

/** Names of three letters and fewer are either said or not. */
function lenient(how: number, wanted: string): number {
  return wanted.length <= 3 ? 0 : how
}

/** The mean likeness of the parts in the best way to share the words out, each part at least `LEAST_OF_A_PART`; undefined where there is none. */
function sharedOut(said: readonly string[], parts: readonly string[]): number | undefined {
  const [part, ...rest] = parts
  if (part === undefined) return said.length === 0 ? 1 : undefined
  let best: number | undefined
  for (let take = 1; take <= said.length - rest.length && take <= 3; take += 1) {
    const how = likeness(said.slice(0, take).join(''), part)
    if (how < LEAST_OF_A_PART) continue
    const others = sharedOut(said.slice(take), rest)
    if (others === undefined) continue
    const mean = (how + others * rest.length) / parts.length
    if (mean > (best ?? 0)) best = mean
  }
  return best
}

/** Neighbouring sounds, with the ends marked. */
function pairsOf(letters: string): readonly string[] {
  const key = `^${soundOf(letters)}$`
  return Array.from({ length: key.length - 1 }, (_, at) => key.slice(at, at + 2))
}

const DIGITS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']

/** Digits as they are said, each by itself: `42` is `fourtwo`. */
function spelt(digits: string): string {
  return [...digits].map((digit) => DIGITS[Number(digit)] ?? digit).join('')
}
