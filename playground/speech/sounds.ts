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
}

const confidence = 0.9
const DELAY_SECONDS = 0.007

/** Sound for voice channels. */
export function createSounds({ speaker, known }: SoundsDeps): Sounds {
  return {
    async say(words, { unknown = false } = {}) {
      const { samples, rate } = await speaker.speak({ text: words, voice: 'en-us', speed: 1 })
      // Said a moment later its packets are others, should the same words have been told before.
      const packets = await encodeOpus(unknown ? delayed(samples, rate) : samples, rate)
      if (!unknown) known.add(ofOpus(packets), { text: words, confidence })
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

function delayed(samples: Int16Array, rate: number): Int16Array {
  const silence = Math.round(rate * DELAY_SECONDS)
  const all = new Int16Array(silence + samples.length)
  all.set(samples, silence)
  return all
}

function inTwentyMs(packets: readonly Uint8Array[]): readonly Uint8Array[] {
  const twenty = createTwentyMs()
  try {
    return packets.flatMap(twenty.push)
  } finally {
    twenty.close()
  }
}
