import { spelt } from './numbers.ts'
import { type Sounding, soundOf } from './sound.ts'
import { wordsOf } from './words.ts'

/** A name or a run of parts of names: `websocket streaming`, `websocket`, `streaming`. */
export interface Target {
  readonly letters: string
  readonly sound: string
  readonly parts: readonly Sounding[]
  /** Whose it is, and whether it is all of that name. */
  readonly names: Map<string, boolean>
  readonly pairs: readonly string[]
}

/** Runs of more parts are no shorter names. */
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

/** Each run of parts once, whosever it is: a thousand workers have one part `worker`. */
export function targetsOf(names: readonly string[]): readonly Target[] {
  const targets = new Map<string, Target>()
  for (const name of names) {
    const parts = wordsOf(name).map(({ text }) => spelt(text))
    const others = (OTHER_NAMES[name.toLowerCase()] ?? []).map((other): readonly string[] => other.split(' '))
    for (const run of [...runsOf(parts), ...others]) {
      const letters = run.join('')
      const isWhole = run.length === parts.length || others.includes(run)
      if (letters === '' || (!isWhole && letters.length < 3)) continue
      const sound = soundOf(letters)
      const target = targets.get(letters) ?? {
        letters,
        sound,
        parts: run.map((part) => ({ letters: part, sound: soundOf(part) })),
        names: new Map(),
        pairs: pairsOf(sound),
      }
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

/** Neighbouring sounds, with the ends marked. */
export function pairsOf(sound: string): readonly string[] {
  const key = `^${sound}$`
  return Array.from({ length: key.length - 1 }, (_, at) => key.slice(at, at + 2))
}
