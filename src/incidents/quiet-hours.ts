import type { Kept, QuietHours } from './incident.ts'

const minuteMs = 60_000
const day = 1_440

/** Until when nobody may be called; undefined where it may be now. Silence counts for everything, quiet hours for all but the critical. */
export function quietUntil(
  { silencedUntil, severity, route }: Pick<Kept, 'silencedUntil' | 'severity' | 'route'>,
  now: Date,
): Date | undefined {
  if (silencedUntil && silencedUntil > now) return silencedUntil
  return severity === 'critical' || !route.quiet ? undefined : endOf(route.quiet, now)
}

/** When the quiet hours end that it is in; undefined outside of them. In the night of a change of clocks up to an hour off, and asked again then. */
export function endOf({ from, to, zone }: QuietHours, now: Date): Date | undefined {
  const minute = minuteIn(zone, now)
  const isIn = from <= to ? minute >= from && minute < to : minute >= from || minute < to
  return isIn ? new Date(Math.floor(now.getTime() / minuteMs) * minuteMs + ((to - minute + day) % day) * minuteMs) : undefined
}

function minuteIn(zone: string, at: Date): number {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(at)
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value)
  return of('hour') * 60 + of('minute')
}
