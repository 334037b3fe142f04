/** TLS presentation language, as far as MLS needs it: RFC 9420, section 2.1. */
export const u8 = (value: number): Buffer => Buffer.of(value)

export function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

export function u64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(value)
  return bytes
}

/** A vector with its length before it, in one, two or four bytes. */
export function vector(...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const prefix = length < 64 ? u8(length) : length < 16_384 ? u16(0x4000 | length) : u32((0x80000000 | length) >>> 0)
  return Buffer.concat([prefix, content])
}

/** Reads on from an offset; throws RangeError where the bytes end too early. */
export interface Reader {
  readonly at: number
  skip(bytes: number): void
  byte(): number
  /** Skips a vector and answers its content. */
  vector(): Buffer
}

export function createReader(bytes: Buffer): Reader {
  let at = 0
  const take = (length: number) => {
    if (at + length > bytes.length) throw new RangeError('it ends too early')
    at += length
    return bytes.subarray(at - length, at)
  }
  return {
    get at() {
      return at
    },
    skip: (length) => void take(length),
    byte: () => take(1)[0]!,
    vector() {
      const first = take(1)[0]!
      const more = [0, 1, 3][first >> 6]
      if (more === undefined) throw new RangeError('a length of eight bytes')
      const length = [...take(more)].reduce((sum, byte) => sum * 256 + byte, first & 0x3f)
      return take(length)
    },
  }
}
