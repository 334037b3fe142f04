import { distance } from 'fastest-levenshtein'
import { hindranceOf } from './ordinary-words.ts'
import type { Sentence } from './sentence.ts'
import { soundOf } from './sound.ts'

/** A word of the grammar, heard at a place of the sentence. */
export interface Heard {
  readonly literal: string
  readonly length: number
  /** 0 where it was said as it is written. */
  readonly cost: number
}

export interface Literals {
  /** The words of the grammar that one, two or three words from here on may be. */
  heardAt(sentence: Sentence, at: number): readonly Heard[]
}

const MISHEARD = 0.1
const INFLECTED = 0.04
const SOUNDS_ALIKE = 0.2
const MOST_WORDS = 3

/** How recognisers write the words of commands, where letters and sounds alone do not show it (spaces left out). */
const MISHEARINGS: Readonly<Record<string, string>> = {
  deploy: 'employ theploy diploy deplore deploi deeploy deployee theemploy thedeploy depoy deply',
  redeploy: 'readyploy reademploy readdeploy reeddeploy reemploy ridiploy readploy',
  restart: 'restard wristart reastart restarter westart wrestart reistart',
  reboot: 'reboots rebout rebooth',
  rollback: 'rolebag rollbag rowback roleback rawlback rollbacks rollblack',
  roll: 'role row rol rolle wroll rule raw',
  back: 'bag pack bak black',
  revert: 'reverse divert revered',
  upscale: 'upsale upskill',
  downscale: 'downsale',
  scale: 'sale skill scare skel scail kale skale stale skell scared skate school',
  replicas: 'replica replicate replicates republicas replicants',
  instances: 'instance incidents instant instants',
  copies: 'copy coffees',
  status: 'stats statis statues statue',
  health: 'helth held',
  logs: 'log locks blogs lugs lags logged',
  metrics: 'metric matrix metrix matrics',
  zapier: 'zapear zaphere zapyear zappyer sapier zapper zappier zapir',
  services: 'service',
  deployments: 'deployment',
  webhook: 'webhooks webbook webhog',
  to: 'two too 2',
  of: 'off',
  in: 'inn and on into',
  follow: 'hollow',
}
/**
 * What was done is no order: `we deployed it`. But `deploy the` may be written `deployed the`, so that at the very beginning it is taken for one,
 * with little certainty; and after `would you mind` nothing else is to be expected.
 */
const PLAIN_INFLECTED = 0.3

/** Other forms of a verb: `deploying` and `restarts` are no orders. */
const OTHER_FORM = /^(?:s|es|ed|d|ing|er|ers|ment|ments|able|ted|ting)$/

/** Finds the given words in sentences, also where they were misspelt, split or joined. */
export function createLiterals(all: Iterable<string>, orders: ReadonlySet<string>): Literals {
  const literals = new Set(all)
  const written = new Map<string, Heard[]>()
  const add = (letters: string, heard: Heard) => written.set(letters, [...(written.get(letters) ?? []), heard])
  for (const literal of literals) {
    add(literal, { literal, length: 1, cost: 0 })
    for (const letters of words(MISHEARINGS[literal])) add(letters, { literal, length: 1, cost: MISHEARD })
    // `deploy` is a word of its own, and no misspelt `deploys`.
    if (literal.length > 4 && literal.endsWith('s') && !literals.has(literal.slice(0, -1)))
      add(literal.slice(0, -1), { literal, length: 1, cost: INFLECTED })
  }
  const bySound = Map.groupBy(
    [...literals].filter((literal) => literal.length >= 5),
    (literal) => soundOf(literal)[0] ?? '',
  )

  function soundingLike(letters: string): readonly string[] {
    const sound = soundOf(letters)
    return (bySound.get(sound[0] ?? '') ?? []).filter((literal) => soundsLike(letters, sound, literal))
  }

  return {
    heardAt({ words, hindrances, isPlain, isPolite }, at) {
      const found: Heard[] = []
      for (let length = 1; length <= MOST_WORDS && at + length <= words.length; length += 1) {
        const letters = words
          .slice(at, at + length)
          .map(({ text }) => text)
          .join('')
        for (const heard of written.get(letters) ?? [])
          found.push(length === 1 ? heard : { ...heard, length, cost: Math.max(heard.cost, INFLECTED) })
        if (length === 2 && letters.length >= 5 && !hindrances[at] && !hindrances[at + 1] && !written.has(letters))
          for (const literal of soundingLike(letters)) if (orders.has(literal)) found.push({ literal, length, cost: SOUNDS_ALIKE })
      }
      const alone = words[at]?.text ?? ''
      if (at === 0 && (isPlain || isPolite) && !hindrances[at])
        for (const stem of stemsOf(alone))
          if (orders.has(stem)) found.push({ literal: stem, length: 1, cost: isPolite ? INFLECTED : PLAIN_INFLECTED })
      if (alone.length >= 5 && !written.has(alone) && hindranceOf(alone) === undefined)
        for (const literal of soundingLike(alone)) found.push({ literal, length: 1, cost: SOUNDS_ALIKE })
      return found
    },
  }
}

function soundsLike(word: string, sound: string, literal: string): boolean {
  if (Math.abs(word.length - literal.length) > 2) return false
  if (word.startsWith(literal) && OTHER_FORM.test(word.slice(literal.length))) return false
  if (literal.endsWith('e') && word.startsWith(literal.slice(0, -1)) && OTHER_FORM.test(word.slice(literal.length - 1))) return false
  const letters = distance(word, literal)
  return letters <= 1 || (letters === 2 && soundOf(literal) === sound)
}

/** The verbs that a form may be of: `restarting`, `rolled`, `scales`, `shipped`. */
function stemsOf(word: string): readonly string[] {
  const all = [/^(\w{3,})ing$/, /^(\w{3,})ed$/, /^(\w{3,})es$/, /^(\w{3,})s$/].flatMap((ending) => ending.exec(word)?.[1] ?? [])
  return all.flatMap((stem) => [stem, `${stem}e`, ...(stem.at(-1) === stem.at(-2) ? [stem.slice(0, -1)] : [])])
}

function words(list: string | undefined): readonly string[] {
  return list?.split(' ') ?? []
}
