/** The letters of Discord's `<t:unix:style>`: https://discord.com/developers/docs/reference#message-formatting */
export const timestampStyles = ['t', 'T', 'd', 'D', 'f', 'F', 'R'] as const
export type TimestampStyle = (typeof timestampStyles)[number]

const second = 1_000
const units = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const satisfies readonly (readonly [Intl.RelativeTimeFormatUnit, number])[]

const shapes: Record<Exclude<TimestampStyle, 'R'>, Intl.DateTimeFormatOptions> = {
  t: { timeStyle: 'short' },
  T: { timeStyle: 'medium' },
  d: { dateStyle: 'short' },
  D: { dateStyle: 'long' },
  f: { dateStyle: 'long', timeStyle: 'short' },
  F: { dateStyle: 'full', timeStyle: 'short' },
}

/** What `<t:unix:style>` reads as. Both times in milliseconds since 1970; `zone` is an IANA name, by default the reader's own. */
export function formatTimestamp(at: number, style: TimestampStyle, now: number, zone?: string): string {
  if (style === 'R' && isDate(at)) return relativeTime(at, now)
  return formatDate(at, shapes[style === 'R' ? 'f' : style], zone)
}

/** "in 5 minutes", "2 hours ago": the largest unit that fits, rounded down. Milliseconds since 1970. */
export function relativeTime(at: number, now: number): string {
  const distance = Math.trunc((at - now) / second)
  if (distance === 0) return 'now'
  const [unit, size] = units.find(([, seconds]) => Math.abs(distance) >= seconds) ?? ['second', 1]
  return new Intl.RelativeTimeFormat('en').format(Math.trunc(distance / size), unit)
}

/** A message's own time, as Discord heads it: "Today at 14:02", "Yesterday at 09:30", else the date. Milliseconds since 1970. */
export function messageTime(at: number, now: number, zone?: string): string {
  const time = formatDate(at, { timeStyle: 'short' }, zone)
  const day = dayOf(at, zone)
  if (day === dayOf(now, zone)) return `Today at ${time}`
  if (day === dayOf(now - 24 * 60 * 60 * second, zone)) return `Yesterday at ${time}`
  return formatDate(at, { dateStyle: 'short', timeStyle: 'short' }, zone)
}

/** The day that a divider between messages names. */
export function dayOf(at: number, zone?: string): string {
  return formatDate(at, { dateStyle: 'long' }, zone)
}

function formatDate(at: number, shape: Intl.DateTimeFormatOptions, zone: string | undefined): string {
  if (!isDate(at)) return String(at)
  return new Intl.DateTimeFormat('en-GB', zone === undefined ? shape : { ...shape, timeZone: zone }).format(at)
}

/** 8.64e15 ms is the last date there is; what lies beyond is shown as it was written. */
function isDate(at: number): boolean {
  return Math.abs(at) <= 8.64e15
}
