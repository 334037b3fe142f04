import { likeness, sounding } from './sound.ts'
import type { Word } from './words.ts'

/** Where what was said to Helix begins. */
export interface Wake {
  readonly after: number
  /** False where the name was only nearly heard: it counts if a command follows, for there are people called Felix. */
  readonly isSure: boolean
}

const LEAD_INS = new Set(
  'hey hi hello ok yo so well alright right oh and please now good morning afternoon evening excuse me listen yeah yes um uh uhm erm er ah hmm like there look'.split(
    ' ',
  ),
)
const MOST_LEAD_INS = 3
const MOST_WORDS = 3
const SURE = 0.82
const NEARLY = 0.74
/** `hey alex` is said to Alex, `hey lix` to Helix. */
const NEARLY_AFTER_HEY = 0.85

/** Finds a wake word at the beginning of a sentence, as recognisers spell it: `hey helix`, `heliks`, `he licks`. Undefined: it is said to somebody else. */
export function hearWake(words: readonly Word[], wakeWords: readonly string[]): Wake | undefined {
  for (let at = 0; at <= MOST_LEAD_INS && at < words.length; at += 1) {
    const heard = hearAt(words, at, wakeWords)
    if (heard) {
      const again = heard.isSure ? hearAt(words, heard.after, wakeWords) : undefined
      return again?.isSure ? again : heard
    }
    if (!LEAD_INS.has(words[at]!.text)) return undefined
  }
  return undefined
}

function hearAt(words: readonly Word[], at: number, wakeWords: readonly string[]): Wake | undefined {
  let best: { readonly after: number; readonly how: number } | undefined
  for (let length = 1; length <= MOST_WORDS && at + length <= words.length; length += 1) {
    const heard = words.slice(at, at + length).map(({ text }) => text)
    for (const wakeWord of wakeWords) {
      const how = likeness(sounding(heard.join('')), sounding(wakeWord.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')))
      // Several words that together only sound like the name may well be just those words.
      const weighed = how === 1 || length === 1 ? how : Math.min(how, NEARLY)
      const least = length > 1 && LEAD_INS.has(heard[0]!) ? NEARLY_AFTER_HEY : NEARLY
      if (how >= least && weighed > (best?.how ?? 0)) best = { after: at + length, how: weighed }
    }
  }
  return best && { after: best.after, isSure: best.how >= SURE }
}
