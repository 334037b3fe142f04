import { beginning, createAlike } from './alike.ts'
import { pairsOf, type Target, targetsOf } from './name-targets.ts'
import { spelt } from './numbers.ts'
import { createSoundings, lettersHeard } from './sound.ts'
import type { Word } from './words.ts'

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

/** From here on it is worth asking whether this was meant. */
export const nearlyAlike = 0.55
const PART = 0.96
const SHORT_BEGINNING = 0.6
const LEAST_SHARED = 0.4
const MOST_LOOKED_AT = 16

/** Prepares names for matching: all costly work is done here, so that an utterance needs none of it. */
export function createNames(names: readonly string[]): Names {
  const targets = targetsOf(names)
  const sounding = createSoundings()
  const alike = createAlike(sounding)
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
        const whole = { letters, sound: sounding(lettersHeard(said)).sound }
        if (how === 'alike') for (const target of begunBy(letters)) found(target, letters.length >= 4 ? beginning : SHORT_BEGINNING)
        for (const target of near(whole.sound)) found(target, alike(said, whole, target))
      }
      return [...best].map(([name, likeness]) => ({ name, likeness })).sort((a, b) => b.likeness - a.likeness || (a.name < b.name ? -1 : 1))
    },
  }
}
