import type { KnownAudio } from '../audio/known-audio.ts'
import type { HeardAudio } from '../audio/read-audio.ts'
import type { Script, ScriptLine } from '../script.ts'
import type { Recogniser, Recognition } from './recogniser.ts'

export interface Heard {
  readonly text: string
  readonly confidence: number
  /** How it was known, for the page. */
  readonly by: 'its audio' | 'the script' | 'a recogniser'
}

/** Understands audio: by its marks, else by the script, else with a recogniser. Undefined: no speech. */
export interface Listener {
  hear(audio: HeardAudio, phrases: readonly string[], line?: ScriptLine, begun?: Recognition): Promise<Heard | undefined>
  /** For what nobody told beforehand, while it is said; undefined where no recogniser is installed. */
  begin(phrases: readonly string[]): Recognition | undefined
}

/** What an offline recogniser says of itself is no probability: it is shown as doubtful. */
const DOUBT = 0.6
const LEAST_MARKS = 3

export function createListener(deps: {
  readonly known: KnownAudio
  readonly script: Script
  readonly recogniser: Recogniser | undefined
}): Listener {
  const { known, script, recogniser } = deps
  return {
    begin: (phrases) => recogniser?.begin(phrases),
    async hear(audio, phrases, line, begun) {
      const clip = known.match(audio.fingerprint)
      if (clip) return { ...clip, by: 'its audio' }
      // So little is no speech, and takes nobody's line.
      const said = line ?? (audio.fingerprint.length < LEAST_MARKS ? undefined : script.take())
      if (said) return { ...said, by: 'the script' }
      if (!recogniser || audio.fingerprint.length < LEAST_MARKS) return undefined
      const text = begun ? await begun.end() : await recognised(audio, phrases)
      return text ? { text, confidence: DOUBT, by: 'a recogniser' } : undefined
    },
  }

  async function recognised(audio: HeardAudio, phrases: readonly string[]): Promise<string | undefined> {
    const samples = await audio.samples()
    return samples && recogniser?.recognise(samples, phrases)
  }
}
