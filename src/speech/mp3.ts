/** Kilobits a second by version and index, of layer III. ISO 11172-3 and 13818-3 */
const rates = {
  one: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  others: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
} as const
/** Samples a second of MPEG 1; version 2 has half, 2.5 a quarter of it. */
const hertz = [44_100, 48_000, 32_000] as const
const FRAME_HEAD = 4

/** Whether the last frame of an MP3 file is not whole: it was cut off. A file that ends between two frames does not show it. */
export function isCutMp3(file: Uint8Array): boolean {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength)
  let at = afterTag(bytes)
  if (at > bytes.length) return true
  for (let length = frameLength(bytes, at); length !== undefined; length = frameLength(bytes, at)) {
    if (at + length > bytes.length) return true
    at += length
  }
  return false
}

/** Behind a tag of ID3v2, whose size is in four times seven bits. https://id3.org/id3v2.4.0-structure */
function afterTag(bytes: Buffer): number {
  if (bytes.length < 10 || bytes.toString('latin1', 0, 3) !== 'ID3') return 0
  const [a, b, c, d] = [bytes[6]!, bytes[7]!, bytes[8]!, bytes[9]!]
  return 10 + ((a & 127) << 21) + ((b & 127) << 14) + ((c & 127) << 7) + (d & 127)
}

/** Undefined where no frame begins: the end, another tag, or a bit rate that is not said. */
function frameLength(bytes: Buffer, at: number): number | undefined {
  if (at + FRAME_HEAD > bytes.length || bytes[at] !== 0xff || (bytes[at + 1]! & 0xe6) !== 0xe2) return undefined
  const version = (bytes[at + 1]! >> 3) & 3
  const [rateIndex, hertzIndex, padding] = [bytes[at + 2]! >> 4, (bytes[at + 2]! >> 2) & 3, (bytes[at + 2]! >> 1) & 1]
  const isOne = version === 3
  const kilobits = (isOne ? rates.one : rates.others)[rateIndex]
  const perSecond = hertz[hertzIndex]
  if (version === 1 || !kilobits || !perSecond) return undefined
  const real = perSecond / (isOne ? 1 : version === 2 ? 2 : 4)
  return Math.floor(((isOne ? 144 : 72) * kilobits * 1_000) / real) + padding
}
