export const audioKinds = ['wav', 'ogg', 'webm', 'mp3'] as const
export type AudioKind = (typeof audioKinds)[number]

/** What the first bytes say, whatever a name or a header claims. Undefined: none of these. */
export function audioKindOf(bytes: Uint8Array): AudioKind | undefined {
  const start = Buffer.from(bytes.subarray(0, 64))
  const text = start.toString('latin1')
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WAVE') return 'wav'
  if (text.startsWith('OggS')) return 'ogg'
  if (text.startsWith('\x1a\x45\xdf\xa3') && text.includes('webm')) return 'webm'
  if (text.startsWith('ID3') || isLayerThree(start)) return 'mp3'
  return undefined
}

/** A frame header of MPEG audio, layer III, with values that exist: AAC begins alike, but for the layer. */
function isLayerThree(start: Buffer): boolean {
  if (start.length < 4 || start[0] !== 0xff || (start[1]! & 0xe6) !== 0xe2) return false
  const [version, bitRate, sampleRate] = [(start[1]! >> 3) & 3, start[2]! >> 4, (start[2]! >> 2) & 3]
  return version !== 1 && bitRate !== 15 && sampleRate !== 3
}
