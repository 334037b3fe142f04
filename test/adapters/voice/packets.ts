import { createOggOpusMuxer } from '#src/speech/ogg-opus-muxer.ts'
import { opusSilence } from '#src/speech/opus-packet.ts'

/** Hybrid, full band, 20 ms, one frame. */
const TOC = 0x78

/** Opus packets of 20 ms that nobody else's are: whose they are, and the how many-eth, is in them. */
export function packetsOf(whose: number, count: number): Buffer[] {
  return Array.from({ length: count }, (_, index) => {
    const packet = Buffer.alloc(60, 0x5a)
    packet[0] = TOC
    packet[1] = whose
    packet.writeUInt16BE(index, 2)
    return packet
  })
}

/** `0`, `1`, … as `packetsOf` counted them; `-` is silence. */
export function spelled(packets: readonly Uint8Array[]): string {
  return packets.map((packet) => (Buffer.compare(packet, opusSilence) === 0 ? '-' : String(Buffer.from(packet).readUInt16BE(2)))).join(' ')
}

export function oggOf(packets: readonly Uint8Array[]): Uint8Array {
  const muxer = createOggOpusMuxer({ serial: 7 })
  const headers = muxer.headers()
  for (const packet of packets) muxer.write(packet)
  return Buffer.concat([headers, muxer.flush(true)!])
}
