import { isSpeech } from '../audio/fingerprint.ts'
import type { KnownAudio } from '../audio/known-audio.ts'
import type { HeardAudio } from '../audio/read-audio.ts'
import { Refusal } from '../refusal.ts'
import type { Script, ScriptLine } from '../script.ts'
import type { Recogniser, Recognition } from './recogniser.ts'

export interface Heard {
  readonly text: string
  readonly confidence: number
  /** How it was known, for the page. */
  readonly by: 'its audio' | 'the script' | 'a recogniser'
}

/** Understands audio: by its marks, else by the script, else with a recogniser. Undefined: no speech. Throws Refusal for what cannot be decoded here. */
export interface Listener {
  hear(audio: HeardAudio, phrases: readonly string[], line?: ScriptLine, begun?: Recognition): Promise<Heard | undefined>
  /** For what nobody told beforehand, while it is said; undefined where no recogniser is installed. */
  begin(phrases: readonly string[]): Recognition | undefined
}

/** What an offline recogniser says of itself is no probability: it is shown as doubtful. */
const DOUBT = 0.6

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
      const isWord = isSpeech(audio.fingerprint)
      // What is no speech takes nobody's line.
      const said = line ?? (isWord ? script.take() : undefined)
      if (said) return { ...said, by: 'the script' }
      if (!isWord) return undefined
      if (!audio.isDecodable) throw undecodable()
      if (!recogniser) return undefined
      const text = begun ? await begun.end() : await recogniser.recognise(await audio.samples(), phrases)
      return text ? { text, confidence: DOUBT, by: 'a recogniser' } : undefined
    },
  }
}

/** Google would hear it: no speech would be untrue. */
function undecodable(): Refusal {
  const words =
    'The emulated Google has no decoder for MP3: it knows its own words, and what it was told beforehand. Send wav, ogg or webm.'
  return new Refusal('UNIMPLEMENTED', words)
}
