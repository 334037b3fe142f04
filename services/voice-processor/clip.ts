import { Refusal } from '#src/service/refusal.ts'
import { audioFacts } from '#src/speech/audio-facts.ts'
import { type AudioKind, audioKindOf } from '#src/speech/audio-kind.ts'
import { isCutMp3 } from '#src/speech/mp3.ts'
import { isCutOgg } from '#src/speech/ogg-reader.ts'
import { type AudioClip, longestClipMs } from '#src/speech/transcriber.ts'
import { linear16Of, monoSamples, readWav, wavSeconds } from '#src/speech/wav.ts'
import { readWebm } from '#src/speech/webm.ts'

/** Google's limit of a request, which a minute of anything but raw studio audio stays under. */
export const mostAudioBytes = 10_485_760

const BARE_RATE = 16_000
const OPUS_RATES = [8_000, 12_000, 16_000, 24_000, 48_000]
const RATES = { least: 8_000, most: 48_000 }

const named: Readonly<Record<AudioKind, { readonly types: readonly string[]; readonly extensions: readonly string[] }>> = {
  wav: { types: ['audio/wav', 'audio/wave', 'audio/x-wav', 'audio/x-pn-wav', 'audio/vnd.wave'], extensions: ['wav', 'wave'] },
  ogg: { types: ['audio/ogg', 'audio/opus', 'audio/x-opus+ogg', 'application/ogg', 'video/ogg'], extensions: ['ogg', 'oga', 'opus'] },
  webm: { types: ['audio/webm', 'video/webm'], extensions: ['webm', 'weba'] },
  mp3: {
    types: ['audio/mpeg', 'audio/mpeg3', 'audio/mpg', 'audio/mp3', 'audio/x-mpeg', 'audio/x-mpeg-3', 'audio/x-mp3'],
    extensions: ['mp3'],
  },
}
const isCut: Readonly<Record<Exclude<AudioKind, 'wav'>, (bytes: Uint8Array) => boolean>> = {
  ogg: isCutOgg,
  webm: (bytes) => readWebm(bytes)?.isCut !== false,
  mp3: isCutMp3,
}

/** What says nothing: the type of those who do not know. */
const anyType = ['', 'application/octet-stream', 'binary/octet-stream']

/** What a caller says of a file: believed in nothing, and held to. */
export interface Claim {
  readonly type: string
  readonly filename: string
}

/**
 * An audio file as a recogniser takes it. Its kind is what its bytes are. Throws Refusal: 415 for what is none of wav, ogg (Opus), webm
 * (Opus) and mp3, 422 for a file that is damaged or says to be another kind than it is, 413 for one of more than a minute.
 */
export async function readClip(bytes: Uint8Array, claim?: Claim): Promise<AudioClip> {
  const kind = audioKindOf(bytes)
  if (!kind) throw new Refusal(415, 'This is no audio that is understood here: send wav, ogg (Opus), webm (Opus) or mp3.')
  if (claim) holdTo(claim, kind)
  return kind === 'wav' ? wavClip(bytes) : encodedClip(bytes, kind)
}

/** Bare samples as existing clients send them: 16 bit, one channel, 16 kHz. A file that begins like one is read as that. */
export async function readBareOrClip(bytes: Uint8Array): Promise<AudioClip> {
  if (bytes.length === 0) throw new Refusal(422, 'There is no audio in audio_data.')
  if (audioKindOf(bytes)) return readClip(bytes)
  if (bytes.length % 2 !== 0) throw new Refusal(422, 'audio_data is no LINEAR16: it has an odd number of bytes.')
  withinLimit((bytes.length / 2 / BARE_RATE) * 1_000)
  return { bytes, encoding: 'linear16', sampleRate: BARE_RATE, channels: 1 }
}

function holdTo({ type, filename }: Claim, kind: AudioKind): void {
  const plainType = type.split(';')[0]!.trim().toLowerCase()
  const extension = /\.([a-z0-9]+)$/i.exec(filename)?.[1]?.toLowerCase()
  if (!anyType.includes(plainType) && !named[kind].types.includes(plainType))
    throw new Refusal(422, `The file says that it is ${plainType}, but it is ${kind}.`)
  const other = Object.entries(named).find(([name, { extensions }]) => name !== kind && extensions.includes(extension ?? ''))
  if (other) throw new Refusal(422, `The file is named .${extension}, but it is ${kind}.`)
}

/** Whatever its rate, bits and channels: one channel of 16 bits is what every recogniser takes. */
function wavClip(bytes: Uint8Array): AudioClip {
  const wav = readWav(bytes)
  if (!wav || wav.data.length === 0) throw damaged('wav')
  if (wav.isCut) throw cutOff('wav')
  const { sampleRate } = wav
  if (sampleRate < RATES.least || sampleRate > RATES.most)
    throw new Refusal(422, `The wav file has ${sampleRate} samples a second: from ${RATES.least} to ${RATES.most} are understood.`)
  withinLimit(wavSeconds(wav) * 1_000)
  return { bytes: linear16Of(monoSamples(wav)), encoding: 'linear16', sampleRate, channels: 1 }
}

async function encodedClip(bytes: Uint8Array, kind: Exclude<AudioKind, 'wav'>): Promise<AudioClip> {
  const facts = await audioFacts(bytes)
  if (!facts || facts.durationMs <= 0) throw damaged(kind)
  const isOpus = /^opus$/i.test(facts.codec)
  if (kind !== 'mp3' && !isOpus) throw new Refusal(415, `The ${kind} file holds ${facts.codec}: only Opus is understood in it.`)
  withinLimit(facts.durationMs)
  if (isCut[kind](bytes)) throw cutOff(kind)
  const sampleRate = !isOpus || OPUS_RATES.includes(facts.sampleRate) ? facts.sampleRate : 48_000
  const encoding = kind === 'mp3' ? 'mp3' : kind === 'ogg' ? 'ogg-opus' : 'webm-opus'
  return { bytes, encoding, sampleRate, channels: facts.channels }
}

function damaged(kind: AudioKind): Refusal {
  return new Refusal(422, `This begins like ${kind}, but cannot be read as such.`)
}

function cutOff(kind: AudioKind): Refusal {
  return new Refusal(422, `The ${kind} file is cut off: the rest of it is missing.`)
}

function withinLimit(durationMs: number): void {
  if (durationMs > longestClipMs)
    throw new Refusal(413, `The audio lasts ${Math.ceil(durationMs / 1_000)} s: at most ${longestClipMs / 1_000} s are taken at once.`)
}
