/** What an RTP header says: RFC 3550, section 5.1. */
export interface RtpFields {
  readonly sequence: number
  /** Samples at 48 kHz. */
  readonly timestamp: number
  readonly ssrc: number
}

const VERSION_2 = 0x80
const EXTENSION = 0x10
const PADDING = 0x20
/** Opus, by Discord's count. */
const PAYLOAD_TYPE = 0x78
const HEADER_BYTES = 12
const EXTENSION_HEADER_BYTES = 4
/** One word of one-byte extensions (RFC 8285): the audio level, as Discord's clients send it. The words are encrypted, their header is not. */
const audioLevel = Buffer.of(0x10, 0xff, 0, 0)

/** The header in clear, with that of an extension, and what of the extension belongs before the frame. */
export function writeRtp({ sequence, timestamp, ssrc }: RtpFields): { readonly header: Buffer; readonly extension: Buffer } {
  const header = Buffer.alloc(HEADER_BYTES + EXTENSION_HEADER_BYTES)
  header[0] = VERSION_2 | EXTENSION
  header[1] = PAYLOAD_TYPE
  header.writeUInt16BE(sequence & 0xffff, 2)
  header.writeUInt32BE(timestamp >>> 0, 4)
  header.writeUInt32BE(ssrc, 8)
  header.writeUInt16BE(0xbede, 12)
  header.writeUInt16BE(audioLevel.length / 4, 14)
  return { header, extension: audioLevel }
}

export interface ReadRtp extends RtpFields {
  /** Of what is not encrypted. */
  readonly headerBytes: number
  /** Takes the frame out of the decrypted content: without extension and padding. */
  frame(content: Buffer): Buffer
}

/** Undefined where it is no audio of Discord's. */
export function readRtp(datagram: Buffer): ReadRtp | undefined {
  if (datagram.length <= HEADER_BYTES || datagram[0]! >> 6 !== 2 || (datagram[1]! & 0x7f) !== PAYLOAD_TYPE) return undefined
  const extended = (datagram[0]! & EXTENSION) !== 0
  const headerBytes = HEADER_BYTES + 4 * (datagram[0]! & 0x0f) + (extended ? EXTENSION_HEADER_BYTES : 0)
  if (datagram.length < headerBytes) return undefined
  const words = extended ? datagram.readUInt16BE(headerBytes - 2) : 0
  return {
    sequence: datagram.readUInt16BE(2),
    timestamp: datagram.readUInt32BE(4),
    ssrc: datagram.readUInt32BE(8),
    headerBytes,
    frame(content) {
      const padding = datagram[0]! & PADDING ? (content.at(-1) ?? 0) : 0
      return content.subarray(4 * words, content.length - padding)
    },
  }
}
