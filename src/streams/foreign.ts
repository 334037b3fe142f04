import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import { jsonObject } from './stream-entry.ts'

const OWN = /"stream_id":"\d+-\d+"\}$/
const LONGEST_OWN = 64
const SAY_EVERY_MS = 60_000

const QUOTE = 0x22
const DASH = 0x2d
const BRACE = 0x7d
const FIELD = Buffer.from('"stream_id":"')

/** Whether the text between those bytes is Helix' own, by its end: most are, and none of them needs to be read. */
export function isOwn(bytes: Buffer, start = 0, end = bytes.length): boolean {
  let at = end - 2
  if (at <= start || bytes[at + 1] !== BRACE || bytes[at] !== QUOTE) return false
  const least = Math.max(start, at - LONGEST_OWN)
  do at -= 1
  while (at > least && (bytes[at] === DASH || isDigit(bytes[at]!)))
  const begin = at - FIELD.length + 1
  if (begin < start) return false
  for (let index = 0; index < FIELD.length; index += 1) if (bytes[begin + index] !== FIELD[index]) return false
  return true
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

/** Why a text on a channel cannot be taken. */
export type Refused = 'oversized' | 'malformed'

/** What a text on a channel is: Helix' own, which is in the stream; a foreign message; or nothing that can be taken. */
export function kindOf(text: string, maxBytes: number): 'own' | 'foreign' | Refused {
  if (OWN.test(text.slice(-LONGEST_OWN))) return 'own'
  if (text.length > maxBytes || Buffer.byteLength(text) > maxBytes) return 'oversized'
  const message = jsonObject(text)
  if (!message) return 'malformed'
  return typeof message.stream_id === 'string' ? 'own' : 'foreign'
}

/** Counts what was not taken and says it: at once, then once a minute for each channel and kind, so that a flood fills no log. */
export function createRefusals(clock: Clock, log: Log): (channel: string, why: Refused) => void {
  const said = new Map<string, { at: number; count: number }>()
  return (channel, why) => {
    const key = `${why} ${channel}`
    const now = clock.now().getTime()
    const last = said.get(key)
    const count = (last?.count ?? 0) + 1
    const isDue = !last || now - last.at >= SAY_EVERY_MS
    said.set(key, { at: isDue ? now : last.at, count })
    if (isDue) log.warn({ channel, why, count }, 'a message of a channel cannot be taken')
  }
}
