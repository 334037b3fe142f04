import { audioKindOf } from '#src/speech/audio-kind.ts'
import { fromALaw, fromMuLaw } from '#src/speech/g711.ts'
import { linear16Of, readWav } from '#src/speech/wav.ts'
import { type HeardAudio, heardLinear16, readAudio } from '../audio/read-audio.ts'
import { Refusal } from '../refusal.ts'
import type { Asked } from './asked.ts'

const LONGEST_SECONDS = 60
const kindOf = { OGG_OPUS: 'ogg', WEBM_OPUS: 'webm', MP3: 'mp3' } as const

/** A whole clip, as its configuration says it is. Throws Refusal where it is not that, or is longer than a minute. */
export async function checkAudio(bytes: Uint8Array, asked: Asked): Promise<HeardAudio> {
  if (bytes.length === 0) throw new Refusal('INVALID_ARGUMENT', 'RecognitionAudio not set.')
  const audio = await readAs(bytes, asked)
  if (audio.seconds > LONGEST_SECONDS)
    throw new Refusal(
      'INVALID_ARGUMENT',
      "Sync input too long. For audio longer than 1 min use LongRunningRecognize with a 'uri' parameter.",
    )
  return audio
}

async function readAs(bytes: Uint8Array, asked: Asked): Promise<HeardAudio> {
  const { encoding, sampleRate } = asked
  const wav = readWav(bytes)
  if (wav) {
    checkWav(wav, asked)
    return (await readAudio(bytes))!
  }
  if (encoding === 'LINEAR16') return heardLinear16(bytes, bareRate(sampleRate))
  if (encoding === 'MULAW') return heardLinear16(linear16Of(fromMuLaw(bytes)), sampleRate)
  if (encoding === 'ALAW') return heardLinear16(linear16Of(fromALaw(bytes)), sampleRate)
  if (encoding !== 'AUTO' && audioKindOf(bytes) !== kindOf[encoding])
    throw new Refusal('INVALID_ARGUMENT', `Invalid audio: the content is not ${encoding}.`)
  const audio = await readAudio(bytes)
  if (!audio)
    throw new Refusal(
      'INVALID_ARGUMENT',
      'Audio data does not appear to be in a supported encoding. If you believe this to be incorrect, try explicitly specifying the decoding parameters.',
    )
  return audio
}

/** A WAVE header is believed, and must not say otherwise than the configuration. */
function checkWav({ sampleRate, channels, format, bits }: NonNullable<ReturnType<typeof readWav>>, asked: Asked): void {
  if (asked.sampleRate !== 0 && asked.sampleRate !== sampleRate)
    throw new Refusal(
      'INVALID_ARGUMENT',
      `sample_rate_hertz (${asked.sampleRate}) in RecognitionConfig must either be unspecified or match the value in the WAV header (${sampleRate}).`,
    )
  if (channels !== 1 && asked.channels !== channels)
    throw new Refusal('INVALID_ARGUMENT', `Must use single channel (mono) audio, but WAV header indicates ${channels} channels.`)
  if (format === 'float' || (format === 'pcm' && bits !== 16))
    throw new Refusal('INVALID_ARGUMENT', 'Must use 16 bit samples, or MULAW, in a WAV file.')
}

function bareRate(sampleRate: number): number {
  if (sampleRate === 0) throw new Refusal('INVALID_ARGUMENT', "Invalid recognition 'config': bad sample rate hertz.")
  return sampleRate
}
