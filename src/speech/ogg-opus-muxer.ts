import { mostSegments, segmentsOf, writeOggPage } from './ogg-page.ts'
import { opusRate, opusSamples, opusSilence } from './opus-packet.ts'

/** Samples that a decoder drops at the start: libopus' own delay. With 0 every tool warns. */
const PRE_SKIP = 312
const VENDOR = 'helix'
const SILENCE_SAMPLES = 960

export interface OggOpusMuxer {
  /** The two pages that come before any audio. */
  headers(): Uint8Array
  /** One packet; false where it is no Opus packet, and nothing was taken. What it answers is kept until `flush`. */
  write(packet: Uint8Array): boolean
  /** So much silence, to whole packets of 20 ms: a jump of the granule alone would not be heard as a pause. */
  silence(ms: number): void
  /** A page (or several, if that much waits) of what was written since; undefined where nothing was. The last one says so. */
  flush(last?: boolean): Uint8Array | undefined
  /** Packets that wait for `flush`. */
  readonly pending: number
  /** Of all that was written. */
  readonly durationMs: number
}

/** Puts Opus packets into an Ogg stream without decoding them: RFC 7845. One channel is said, which is right for stereo packets too. */
export function createOggOpusMuxer({ serial }: { readonly serial: number }): OggOpusMuxer {
  let sequence = 0
  let samples = 0
  let waiting: { readonly packet: Uint8Array; readonly end: number }[] = []
  const page = (flags: number, end: number, packets: readonly Uint8Array[]) =>
    writeOggPage({ flags, granule: BigInt(end), serial, sequence: sequence++, packets })

  function write(packet: Uint8Array): boolean {
    const more = opusSamples(packet)
    if (more === undefined) return false
    samples += more
    waiting.push({ packet, end: samples })
    return true
  }

  return {
    headers: () => Buffer.concat([page(2, 0, [idHeader()]), page(0, 0, [commentHeader()])]),
    write,
    silence(ms) {
      const packets = Math.floor((ms * opusRate) / 1_000 / SILENCE_SAMPLES)
      for (let count = 0; count < packets; count++) write(opusSilence)
    },
    flush(last = false) {
      if (waiting.length === 0 && !last) return undefined
      const groups = inPages(waiting)
      waiting = []
      // An end without audio is a page without packets.
      if (groups.length === 0) return page(4, samples, [])
      return Buffer.concat(
        groups.map((group, index) =>
          page(
            last && index === groups.length - 1 ? 4 : 0,
            group.at(-1)!.end,
            group.map(({ packet }) => packet),
          ),
        ),
      )
    },
    get pending() {
      return waiting.length
    },
    get durationMs() {
      return (samples * 1_000) / opusRate
    },
  }
}

function inPages<Item extends { readonly packet: Uint8Array }>(items: readonly Item[]): Item[][] {
  const pages: Item[][] = []
  let free = 0
  for (const item of items) {
    const segments = segmentsOf(item.packet)
    if (segments > free) {
      pages.push([])
      free = mostSegments
    }
    pages.at(-1)!.push(item)
    free -= segments
  }
  return pages
}

function idHeader(): Uint8Array {
  const header = Buffer.alloc(19)
  header.write('OpusHead', 0, 'latin1')
  header[8] = 1
  header[9] = 1
  header.writeUInt16LE(PRE_SKIP, 10)
  header.writeUInt32LE(opusRate, 12)
  return header
}

function commentHeader(): Uint8Array {
  const header = Buffer.alloc(16 + VENDOR.length)
  header.write('OpusTags', 0, 'latin1')
  header.writeUInt32LE(VENDOR.length, 8)
  header.write(VENDOR, 12, 'latin1')
  return header
}
