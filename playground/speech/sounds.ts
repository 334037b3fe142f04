import type { Sounds } from '#playground/discord/voice/sounds.ts'
import { UserError } from '#src/kernel/errors.ts'
import { audioKindOf } from '#src/speech/audio-kind.ts'
import { opusPacketsOf } from '#src/speech/ogg-reader.ts'
import { monoSamples, readWav } from '#src/speech/wav.ts'
import { createWebmReader, readWebm } from '#src/speech/webm.ts'
import { ofOpus } from './audio/fingerprint.ts'
import type { KnownAudio } from './audio/known-audio.ts'
import { encodeOpus } from './audio/opus.ts'
import { createTwentyMs } from './audio/twenty-ms.ts'
import type { Speaker } from './synthesis/speaker.ts'

export interface SoundsDeps {
  readonly speaker: Speaker
  readonly known: KnownAudio
  /** What was said is recognised by its sound alone: an offline recogniser is there, and real speech for it. */
  readonly recognised: boolean
}

const confidence = 0.9

/** Sound for voice channels. Words are known again by their packets, where nothing here could recognise them. */
export function createSounds({ speaker, known, recognised }: SoundsDeps): Sounds {
  return {
    async say(words) {
      const { samples, rate } = await speaker.speak({ text: words, voice: 'en-us', speed: 1 })
      const packets = await encodeOpus(samples, rate)
      if (!recognised) known.add(ofOpus(packets), { text: words, confidence })
      return packets
    },
    async read(file) {
      const kind = audioKindOf(file)
      if (kind === 'wav') {
        const wav = readWav(file)
        return wav && encodeOpus(monoSamples(wav), wav.sampleRate)
      }
      const packets = kind === 'ogg' ? opusPacketsOf(file) : kind === 'webm' ? readWebm(file)?.packets : undefined
      return packets && inTwentyMs(packets)
    },
    recording() {
      const reader = createWebmReader()
      const twenty = createTwentyMs()
      return {
        push(bytes) {
          const packets = reader.push(bytes)
          if (!packets) throw new UserError('The recording cannot be read: it must be WebM with Opus.')
          return packets.flatMap(twenty.push)
        },
        close: twenty.close,
      }
    },
    wordsOf: (packets) => known.match(ofOpus(packets))?.text,
  }
}

function inTwentyMs(packets: readonly Uint8Array[]): readonly Uint8Array[] {
  const twenty = createTwentyMs()
  try {
    return packets.flatMap(twenty.push)
  } finally {
    twenty.close()
  }
}
