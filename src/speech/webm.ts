import { opusRate, opusSamples } from './opus-packet.ts'

/** EBML ids: https://www.matroska.org/technical/elements.html */
const SEGMENT = 0x18538067
const INFO = 0x1549a966
const TIMESTAMP_SCALE = 0x2ad7b1
const CLUSTER = 0x1f43b675
const CLUSTER_TIMESTAMP = 0xe7
const BLOCK_GROUP = 0xa0
const BLOCK = 0xa1
const SIMPLE_BLOCK = 0xa3
const NANOSECONDS_IN_MS = 1_000_000

/** A length that is not said ends nowhere. */
const UNKNOWN = Number.MAX_SAFE_INTEGER / 2

const opened = new Set([SEGMENT, INFO, CLUSTER, BLOCK_GROUP])
const LACING = 0x06

export interface WebmAudio {
  readonly packets: readonly Uint8Array[]
  /** From the first block's beginning to the last one's end: what a browser records has no length in its header. */
  readonly durationMs: number
  /** An element says that it is longer than the file. */
  readonly isCut: boolean
}

/** The Opus packets of a WebM file with one track; undefined where its structure cannot be followed. */
export function readWebm(file: Uint8Array): WebmAudio | undefined {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength)
  const packets: Uint8Array[] = []
  let scale = 1
  let cluster = 0
  let end = 0
  let isCut = false
  for (let at = 0; at < bytes.length; ) {
    const element = elementAt(bytes, at)
    if (!element && packets.length > 0 && bytes.length - at < LONGEST_HEAD) return { packets, durationMs: end, isCut: true }
    if (!element) return undefined
    const { id, body, next } = element
    if (element.end > bytes.length && element.end < UNKNOWN) isCut = true
    // What may be of unknown length is entered, not skipped: its children follow one another.
    at = opened.has(id) ? body : next
    if (id === TIMESTAMP_SCALE) scale = bytes.readUIntBE(body, Math.min(next - body, 6)) / NANOSECONDS_IN_MS
    if (id === CLUSTER_TIMESTAMP) cluster = bytes.readUIntBE(body, Math.min(next - body, 6)) * scale
    if (id !== SIMPLE_BLOCK && id !== BLOCK) continue
    const packet = packetIn(bytes, body, next)
    if (!packet) return undefined
    packets.push(packet)
    const length = ((opusSamples(packet) ?? 0) * 1_000) / opusRate
    end = Math.max(end, cluster + bytes.readInt16BE(next - packet.length - 3) * scale + length)
  }
  return packets.length > 0 ? { packets, durationMs: end, isCut } : undefined
}

/** A browser's recording as it comes: what is not whole yet is kept for the next piece. */
export interface WebmReader {
  /** The packets that are whole now; undefined where it is no WebM that can be followed. */
  push(bytes: Uint8Array): readonly Uint8Array[] | undefined
}

/** No element that is not opened is longer: a packet, or what a recorder writes about itself. */
const LONGEST_ELEMENT = 1024 * 1024
const LONGEST_HEAD = 12

export function createWebmReader(): WebmReader {
  let rest: Buffer = Buffer.alloc(0)
  return {
    push(bytes) {
      rest = Buffer.concat([rest, bytes])
      const packets: Uint8Array[] = []
      for (let element = elementAt(rest, 0); element; element = elementAt(rest, 0)) {
        const { id, body, end } = element
        if (!opened.has(id) && end > rest.length) return end - body > LONGEST_ELEMENT ? undefined : packets
        const packet = id === SIMPLE_BLOCK || id === BLOCK ? packetIn(rest, body, end) : undefined
        if (packet) packets.push(packet)
        else if (id === SIMPLE_BLOCK || id === BLOCK) return undefined
        rest = rest.subarray(opened.has(id) ? body : end)
      }
      return rest.length > LONGEST_HEAD ? undefined : packets
    },
  }
}

/** Undefined where several frames share the block, which no recorder does with Opus. */
function packetIn(bytes: Buffer, body: number, end: number): Buffer | undefined {
  const track = numberAt(bytes, body)
  if (!track || track.next + 3 > end || bytes[track.next + 2]! & LACING) return undefined
  return bytes.subarray(track.next + 3, end)
}

interface Element {
  readonly id: number
  readonly body: number
  /** Where it ends by its own word, and where it ends in these bytes. */
  readonly end: number
  readonly next: number
}

function elementAt(bytes: Buffer, at: number): Element | undefined {
  if (at >= bytes.length) return undefined
  const idLength = Math.clz32(bytes[at]!) - 23
  if (idLength > 4 || at + idLength >= bytes.length) return undefined
  const size = numberAt(bytes, at + idLength)
  if (!size) return undefined
  const end = size.next + size.value
  return { id: bytes.readUIntBE(at, idLength), body: size.next, end, next: Math.min(end, bytes.length) }
}

/** EBML's number of variable length; all ones means "unknown". */
function numberAt(bytes: Buffer, at: number): { readonly value: number; readonly next: number } | undefined {
  const length = at < bytes.length ? Math.clz32(bytes[at]!) - 23 : 9
  if (length > 8 || at + length > bytes.length) return undefined
  let value = bytes[at]! & (0xff >> length)
  for (let index = 1; index < length; index++) value = value * 256 + bytes[at + index]!
  const unknown = value >= 2 ** (7 * length) - 1
  return { value: unknown ? UNKNOWN : value, next: at + length }
}
