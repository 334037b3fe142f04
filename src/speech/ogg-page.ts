const HEADER_BYTES = 27
export const mostSegments = 255
const SEGMENT_BYTES = 255

export interface OggPage {
  /** Bits: 1 goes on from the page before, 2 first of the stream, 4 last. */
  readonly flags: number
  /** Samples at 48 kHz up to the end of this page. */
  readonly granule: bigint
  readonly serial: number
  readonly sequence: number
  /** Whole packets: of at most 255 segments together. */
  readonly packets: readonly Uint8Array[]
}

/** How many segments a packet takes: it ends with one that is not full. */
export function segmentsOf(packet: Uint8Array): number {
  return Math.floor(packet.length / SEGMENT_BYTES) + 1
}

/** RFC 3533, section 6. */
export function writeOggPage({ flags, granule, serial, sequence, packets }: OggPage): Uint8Array {
  const lacing = packets.flatMap((packet) => [
    ...Array<number>(Math.floor(packet.length / SEGMENT_BYTES)).fill(SEGMENT_BYTES),
    packet.length % SEGMENT_BYTES,
  ])
  const header = Buffer.alloc(HEADER_BYTES)
  header.write('OggS', 0, 'latin1')
  header[5] = flags
  header.writeBigUInt64LE(granule, 6)
  header.writeUInt32LE(serial, 14)
  header.writeUInt32LE(sequence, 18)
  header[26] = lacing.length
  const page = Buffer.concat([header, Uint8Array.from(lacing), ...packets])
  page.writeUInt32LE(oggChecksum(page), 22)
  return page
}

/** Of a page whose own field for it is zero: CRC-32 with polynomial 0x04c11db7, not reflected. */
export function oggChecksum(page: Uint8Array): number {
  let sum = 0
  for (const byte of page) sum = (sum << 8) ^ checksums[(sum >>> 24) ^ byte]!
  return sum >>> 0
}

const checksums = Uint32Array.from({ length: 256 }, (_, index) => {
  let sum = index << 24
  for (let bit = 0; bit < 8; bit++) sum = sum & 0x80000000 ? (sum << 1) ^ 0x04c11db7 : sum << 1
  return sum
})
