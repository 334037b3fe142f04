const CR = 0x0d
const ZERO = 0x30
const [PUSH, ARRAY, SET, MAP, ATTRIBUTES] = [0x3e, 0x2a, 0x7e, 0x25, 0x7c]
const [TEXT, ERROR, VERBATIM] = [0x24, 0x21, 0x3d]
const MINUS = 0x2d
/** After the first byte: a list of three of which the first is `message`. */
const MESSAGE = Buffer.from('3\r\n$7\r\nmessage\r\n$')
/** So much of a frame is waited for before it is let through as it comes. */
const LONGEST_HELD = 65_536

/**
 * Takes published messages out of what Redis sends, for which `drops` answers true of their text, before anybody spends more on them than
 * that. Everything else passes as it is, and in its order; so do, now and then, messages that came in two pieces.
 * https://redis.io/docs/latest/develop/reference/protocol-spec/
 */
export function createSieve(drops: (bytes: Buffer, start: number, end: number) => boolean): (chunk: Buffer) => Buffer {
  let held: Buffer = Buffer.alloc(0)
  /** Bytes that are still to come of a message that was let through. */
  let passing = 0

  return (chunk) => {
    const bytes = held.length > 0 ? Buffer.concat([held, chunk]) : chunk
    const kept: Buffer[] = []
    let from = 0
    let at = Math.min(passing, bytes.length)
    passing -= at
    while (at < bytes.length) {
      const start = textAt(bytes, at)
      const end = start > 0 ? start + lengthBefore(bytes, start) + 2 : frameEnd(bytes, at)
      if (start < 0 || end < 0) break
      if (end > bytes.length) {
        passing = end - bytes.length
        at = bytes.length
      } else {
        if (start > 0 && drops(bytes, start, end - 2)) {
          if (at > from) kept.push(bytes.subarray(from, at))
          from = end
        }
        at = end
      }
    }
    // What is held is the beginning of a frame that does not tell yet what it is.
    if (bytes.length - at > LONGEST_HELD) throw new Error('Redis sends what is no answer of its protocol')
    held = bytes.subarray(at)
    if (at > from) kept.push(bytes.subarray(from, at))
    return kept.length === 1 ? kept[0]! : Buffer.concat(kept)
  }
}

/** Where the text of a published message begins; 0 where another frame stands there, -1 where not enough of it is there to tell. */
function textAt(bytes: Buffer, at: number): number {
  const kind = bytes[at]
  if (kind !== PUSH && kind !== ARRAY) return 0
  for (let index = 0; index < MESSAGE.length; index += 1) {
    const byte = bytes[at + 1 + index]
    if (byte === undefined) return -1
    if (byte !== MESSAGE[index]) return 0
  }
  const channel = afterLine(bytes, at + 1 + MESSAGE.length)
  if (channel < 0) return -1
  const text = channel + lengthBefore(bytes, channel) + 2
  return text < bytes.length ? afterLine(bytes, text) : -1
}

/** Where the frame ends that begins there; -1 where its end is not there. */
function frameEnd(bytes: Buffer, at: number): number {
  const next = afterLine(bytes, at)
  if (next < 0) return -1
  const kind = bytes[at]
  if (bytes[at + 1] === MINUS) return next
  if (kind === TEXT || kind === ERROR || kind === VERBATIM) {
    const end = next + lengthBefore(bytes, next) + 2
    return end <= bytes.length ? end : -1
  }
  const isPairs = kind === MAP || kind === ATTRIBUTES
  if (!isPairs && kind !== PUSH && kind !== ARRAY && kind !== SET) return next
  let end = next
  // What attributes belong to follows them.
  const many = lengthBefore(bytes, next) * (isPairs ? 2 : 1) + (kind === ATTRIBUTES ? 1 : 0)
  for (let left = many; left > 0 && end >= 0; left -= 1) end = end < bytes.length ? frameEnd(bytes, end) : -1
  return end
}

/** Behind the end of the line; -1 where that is not there. */
function afterLine(bytes: Buffer, at: number): number {
  for (let index = at; index < bytes.length - 1; index += 1) if (bytes[index] === CR) return index + 2
  return -1
}

/** The number at the end of the line that ends just before. */
function lengthBefore(bytes: Buffer, after: number): number {
  let number = 0
  let unit = 1
  for (let index = after - 3; isDigit(bytes[index]!); index -= 1) {
    number += (bytes[index]! - ZERO) * unit
    unit *= 10
  }
  return number
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= ZERO + 9
}
