import { fromALaw, fromMuLaw } from './g711.ts'

const PCM = 1
const FLOAT = 3
const A_LAW = 6
const MU_LAW = 7
const EXTENSIBLE = 0xfffe
/** From here on a length is what a program writes that does not know it. */
const LENGTH_UNKNOWN = 0x7ff00000

/** A RIFF WAVE file, as its own header says. */
export interface Wav {
  readonly sampleRate: number
  readonly channels: number
  readonly bits: number
  readonly format: 'pcm' | 'float' | 'a-law' | 'mu-law'
  /** The samples, as they lie in the file. */
  readonly data: Uint8Array
  /** Its header says that there are more. */
  readonly isCut?: boolean
}

const formats: Readonly<Record<number, Wav['format']>> = { [PCM]: 'pcm', [FLOAT]: 'float', [A_LAW]: 'a-law', [MU_LAW]: 'mu-law' }
const bitsOf: Readonly<Record<Wav['format'], readonly number[]>> = {
  pcm: [8, 16, 24, 32],
  float: [32, 64],
  'a-law': [8],
  'mu-law': [8],
}

/** Undefined where it is no WAVE file, or one whose samples nobody can read. A file that was cut off is read as far as it goes. */
export function readWav(file: Uint8Array): Wav | undefined {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength)
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WAVE') return undefined
  const chunks = chunksOf(bytes)
  const header = chunks.get('fmt ')?.body
  const data = chunks.get('data')?.body
  if (!header || !data || header.length < 16) return undefined
  const said = header.readUInt16LE(0)
  const format = formats[said === EXTENSIBLE && header.length >= 26 ? header.readUInt16LE(24) : said]
  const [channels, sampleRate, bits] = [header.readUInt16LE(2), header.readUInt32LE(4), header.readUInt16LE(14)]
  if (!format || channels < 1 || sampleRate < 1 || !bitsOf[format].includes(bits)) return undefined
  const whole = data.length - (data.length % ((channels * bits) / 8))
  return { sampleRate, channels, bits, format, data: data.subarray(0, whole), isCut: chunks.get('data')!.isCut }
}

interface Chunk {
  readonly body: Buffer
  readonly isCut: boolean
}

/** Chunks by name, the first of each. Programs that write to a pipe leave a length of 0 or of 2 or 4 GB: then it is the rest. */
function chunksOf(bytes: Buffer): ReadonlyMap<string, Chunk> {
  const chunks = new Map<string, Chunk>()
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = bytes.toString('latin1', at, at + 4)
    const said = bytes.readUInt32LE(at + 4)
    const rest = bytes.length - at - 8
    const length = said > rest || (name === 'data' && said === 0) ? rest : said
    const isCut = said > rest && said < LENGTH_UNKNOWN
    if (!chunks.has(name)) chunks.set(name, { body: bytes.subarray(at + 8, at + 8 + length), isCut })
    at += 8 + length + (length % 2)
  }
  return chunks
}

export function wavSeconds({ data, channels, bits, sampleRate }: Wav): number {
  return data.length / ((channels * bits) / 8) / sampleRate
}

/** One channel of 16-bit samples at the file's own rate: several channels become their mean. */
export function monoSamples(wav: Wav): Int16Array {
  const all = samplesOf(wav)
  const { channels } = wav
  if (channels === 1) return all
  return Int16Array.from({ length: Math.floor(all.length / channels) }, (_, index) => {
    let sum = 0
    for (let channel = 0; channel < channels; channel++) sum += all[index * channels + channel]!
    return Math.round(sum / channels)
  })
}

function samplesOf({ format, bits, data }: Wav): Int16Array {
  if (format === 'mu-law') return fromMuLaw(data)
  if (format === 'a-law') return fromALaw(data)
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const width = bits / 8
  const read = readers[`${format}${bits}`]!
  return Int16Array.from({ length: Math.floor(data.length / width) }, (_, index) => read(view, index * width))
}

const loud = (value: number) => (Number.isNaN(value) ? 0 : Math.round(Math.max(-1, Math.min(1, value)) * 32_767))
const readers: Readonly<Record<string, (view: DataView, at: number) => number>> = {
  pcm8: (view, at) => (view.getUint8(at) - 128) << 8,
  pcm16: (view, at) => view.getInt16(at, true),
  pcm24: (view, at) => view.getInt16(at + 1, true),
  pcm32: (view, at) => view.getInt16(at + 2, true),
  float32: (view, at) => loud(view.getFloat32(at, true)),
  float64: (view, at) => loud(view.getFloat64(at, true)),
}

/** A WAVE file of these bytes: what Google answers for LINEAR16, MULAW and ALAW. */
export function writeWav({ sampleRate, channels, bits, format, data }: Wav): Uint8Array {
  const code = Number(Object.keys(formats).find((key) => formats[Number(key)] === format))
  const header = Buffer.alloc(44)
  header.write('RIFF', 0, 'latin1')
  header.writeUInt32LE(36 + data.length, 4)
  header.write('WAVEfmt ', 8, 'latin1')
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(code, 20)
  header.writeUInt16LE(channels, 22)
  header.writeUInt32LE(sampleRate, 24)
  header.writeUInt32LE((sampleRate * channels * bits) / 8, 28)
  header.writeUInt16LE((channels * bits) / 8, 32)
  header.writeUInt16LE(bits, 34)
  header.write('data', 36, 'latin1')
  header.writeUInt32LE(data.length, 40)
  return Buffer.concat([header, data])
}

/** The bytes of samples, little-endian, as LINEAR16 is. */
export function linear16Of(samples: Int16Array): Uint8Array {
  const bytes = Buffer.alloc(samples.length * 2)
  for (const [index, sample] of samples.entries()) bytes.writeInt16LE(sample, index * 2)
  return bytes
}

export function samplesOfLinear16(bytes: Uint8Array): Int16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Int16Array.from({ length: Math.floor(bytes.length / 2) }, (_, index) => view.getInt16(index * 2, true))
}
