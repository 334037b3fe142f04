import { oggChecksum } from './ogg-page.ts'

const HEADER_BYTES = 27
/** A page is never longer: 27 bytes, 255 sizes, 255 segments of 255 bytes. */
const LONGEST_PAGE = HEADER_BYTES + 255 + 255 * 255
const LONGEST_PACKET = 255 * 255

export interface OggReader {
  /** The packets that are whole now, headers included. Throws NotOgg where it is none, or was damaged on its way. */
  push(bytes: Uint8Array): readonly Uint8Array[]
}

export class NotOgg extends Error {
  override readonly name = 'NotOgg'
}

/** Takes the packets out of an Ogg stream, however it is cut into pieces. Keeps at most one page and one packet. */
export function createOggReader(): OggReader {
  let rest: Uint8Array = new Uint8Array(0)
  let begun: Uint8Array[] = []

  function packetsOf(page: Buffer): readonly Uint8Array[] {
    const packets: Uint8Array[] = []
    let at = HEADER_BYTES + page[26]!
    for (const size of page.subarray(HEADER_BYTES, at)) {
      begun.push(page.subarray(at, at + size))
      at += size
      if (size === 255) continue
      packets.push(Buffer.concat(begun))
      begun = []
    }
    if (begun.reduce((sum, { length }) => sum + length, 0) > LONGEST_PACKET) throw new NotOgg('A packet has no end')
    return packets
  }

  return {
    push(bytes) {
      rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
      const packets: Uint8Array[] = []
      for (let page = firstPage(rest); page; page = firstPage(rest)) {
        packets.push(...packetsOf(page))
        rest = rest.subarray(page.length)
      }
      return packets
    },
  }
}

/** Undefined while it is not whole. */
function firstPage(bytes: Uint8Array): Buffer | undefined {
  const start = Buffer.from(bytes.subarray(0, LONGEST_PAGE))
  if (start.subarray(0, 4).toString('latin1') !== 'OggS'.slice(0, Math.min(4, start.length))) throw new NotOgg('A page does not begin here')
  if (start.length < HEADER_BYTES || start.length < HEADER_BYTES + start[26]!) return undefined
  const sizes = start.subarray(HEADER_BYTES, HEADER_BYTES + start[26]!)
  const length = HEADER_BYTES + sizes.length + sizes.reduce((sum, size) => sum + size, 0)
  if (start.length < length) return undefined
  const page = start.subarray(0, length)
  const said = page.readUInt32LE(22)
  page.writeUInt32LE(0, 22)
  if (oggChecksum(page) !== said) throw new NotOgg('A page is damaged')
  return page
}

/** The Opus packets of a whole Ogg file, without its two headers; undefined where the file holds something else. */
export function opusPacketsOf(file: Uint8Array): readonly Uint8Array[] | undefined {
  try {
    const [head, tags, ...packets] = createOggReader().push(file)
    return head && tags && isOpusHeader(head) && isOpusHeader(tags) ? packets : undefined
  } catch (error) {
    if (error instanceof NotOgg) return undefined
    throw error
  }
}

/** Whether the last page of an Ogg file is not whole. A file that ends between two pages does not show it. */
export function isCutOgg(file: Uint8Array): boolean {
  let rest = file
  try {
    for (let page = firstPage(rest); page; page = firstPage(rest)) rest = rest.subarray(page.length)
    return rest.length > 0
  } catch (error) {
    if (error instanceof NotOgg) return false // Damaged, which is another thing, or followed by something else.
    throw error
  }
}

export function isOpusHeader(packet: Uint8Array): boolean {
  return /^Opus(Head|Tags)/.test(Buffer.from(packet.subarray(0, 8)).toString('latin1'))
}
