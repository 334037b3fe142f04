import type { Target } from './name-targets.ts'
import { createHeardAs } from './phones.ts'
import { lettersHeard, likeness, type Sounding } from './sound.ts'

/** How alike a name is to its own beginning or end. */
export const beginning = 0.8
const LEAST_OF_A_PART = 0.65
/** One part may be heard this badly where all the others are heard well: `the boys processor`. */
const LEAST_BY_EAR = 0.72
const HEARD_WELL = 0.9
const WORTH_HEARING = 0.3
const MOST_FOR_A_PART = 3
const SHORTEST_EDGE = 4
const NEARLY_SAME = { joined: 0.8, apart: 0.86 } as const
const R_ENDINGS = new Set(['her', 'here', 'hear', 'er', 'err', 'or', 'ear', 'air', 'are', 'our', 'a', 'ah', 'uh'])

/**
 * How alike what was said is to a name, 0 to 1: part by part where the words can be shared out among its parts, for one wrong part makes
 * another name; else as a whole, and then nearly the same.
 */
export function createAlike(sounding: (letters: string) => Sounding): (said: readonly Sounding[], all: Sounding, wanted: Target) => number {
  const heardAs = createHeardAs()

  function alike(said: readonly Sounding[], all: Sounding, wanted: Target): number {
    const { parts } = wanted
    // Names of three letters and fewer are either said or not.
    if (parts.length === 1) return wanted.letters.length <= 3 ? 0 : alikeTogether(said, wanted)
    if (said.length < parts.length) return nearlySame(all, wanted, NEARLY_SAME.joined)
    return sharedOut(said, parts) ?? (alikeTogether(said, wanted) > 0 ? nearlySame(all, wanted, NEARLY_SAME.apart) : 0)
  }

  /** The mean likeness of the parts in the best way to share the words out, each part at least `LEAST_OF_A_PART`; undefined where there is none. */
  function sharedOut(said: readonly Sounding[], parts: readonly Sounding[], mayBeByEar = true): number | undefined {
    const [part, ...rest] = parts
    if (part === undefined) return said.length === 0 ? 1 : undefined
    let best: number | undefined
    for (let take = 1; take <= said.length - rest.length && take <= MOST_FOR_A_PART; take += 1) {
      const words = said.slice(0, take)
      const alike = alikeTogether(words, part)
      const how =
        alike < LEAST_OF_A_PART &&
        alike >= WORTH_HEARING &&
        take === 1 &&
        mayBeByEar &&
        heardAs(words[0]!.letters, part.letters) >= LEAST_BY_EAR
          ? LEAST_OF_A_PART
          : alike
      if (how < LEAST_OF_A_PART) continue
      const others = sharedOut(said.slice(take), rest, how === alike && mayBeByEar)
      if (others === undefined || (how !== alike && others < HEARD_WELL)) continue
      const mean = (how + others * rest.length) / parts.length
      if (mean > (best ?? 0)) best = mean
    }
    return best
  }

  /** How alike words are that were split: 0 where it would be no less alike without the first or the last of them, which then are not of it. */
  function alikeTogether(said: readonly Sounding[], wanted: Sounding): number {
    const ended = endingLike(said, wanted)
    const how = Math.max(partLikeness(joined(said), wanted), ended === said ? 0 : partLikeness(joined(ended), wanted))
    if (said.length === 1) return how
    const isBetterThan = (less: readonly Sounding[]) => how > partLikeness(joined(less), wanted)
    return isBetterThan(said.slice(1)) && isBetterThan(said.slice(0, -1)) ? how : 0
  }

  /** `process her` and `orchestrate a` end like `processor` and `orchestrator`. */
  function endingLike(said: readonly Sounding[], { letters }: Sounding): readonly Sounding[] {
    const isEnding = said.length > 1 && letters.endsWith('r') && R_ENDINGS.has(said.at(-1)!.letters)
    return isEnding ? [...said.slice(0, -1), sounding(letters.slice(-2))] : said
  }

  function joined(said: readonly Sounding[]): Sounding {
    if (said.length === 1) return said[0]!
    return { letters: said.map(({ letters }) => letters).join(''), sound: sounding(lettersHeard(said)).sound }
  }

  return alike
}

function nearlySame(all: Sounding, wanted: Sounding, least: number): number {
  const whole = likeness(all, wanted)
  return whole >= least ? whole : 0
}

/** A beginning or an end counts as much as it does for a name: `socket` for `websocket`. */
function partLikeness(said: Sounding, wanted: Sounding): number {
  const { letters } = said
  const isEdge =
    letters.length >= SHORTEST_EDGE &&
    letters !== wanted.letters &&
    (wanted.letters.startsWith(letters) || wanted.letters.endsWith(letters))
  return isEdge ? Math.max(beginning, likeness(said, wanted)) : likeness(said, wanted)
}
