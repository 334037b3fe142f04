import type { ScaleRules } from './scale-rules.ts'
import { days, type Schedule, saySchedule } from './schedule.ts'
import { createZone, type WallTime, weekday, type Zone } from './zone-time.ts'

export interface Bounds {
  readonly min: number
  readonly max: number
  /** The schedule that says so; undefined where it is the policy itself. */
  readonly by: string | undefined
}

/** From then until before then, in ms. */
interface Span {
  readonly begin: number
  readonly end: number
}

/** The simulator asks for the same days again and again. */
const MOST_KEPT = 1_000

/** How many replicas there may be at a moment, by a policy's schedules. */
export function createBounds({
  min,
  max,
  schedules,
  timeZone,
}: Pick<ScaleRules, 'min' | 'max' | 'schedules' | 'timeZone'>): (at: Date) => Bounds {
  if (schedules.length === 0) return () => ({ min, max, by: undefined })
  const zone = createZone(timeZone)
  const spans = new Map<string, Span>()

  /** The time of a schedule that begins on that day. */
  function spanOf(index: number, day: WallTime): Span {
    const key = `${index} ${day.year} ${day.month} ${day.day}`
    const known = spans.get(key)
    if (known) return known
    if (spans.size >= MOST_KEPT) spans.clear()
    const span = spanIn(zone, schedules[index]!, day)
    spans.set(key, span)
    return span
  }

  return (at) => {
    const today = zone.wall(at)
    const isIn = ({ days: of }: Schedule, index: number, day: WallTime) => {
      if (!of.includes(days[weekday(day)]!)) return false
      const { begin, end } = spanOf(index, day)
      return at.getTime() >= begin && at.getTime() < end
    }
    const found = schedules.find((each, index) => [-1, 0].some((shift) => isIn(each, index, { ...today, day: today.day + shift })))
    return found ? { min: found.min ?? min, max: found.max ?? max, by: saySchedule(found) } : { min, max, by: undefined }
  }
}

function spanIn(zone: Zone, { from, until }: Schedule, day: WallTime): Span {
  const [first, last] = [minuteOf(from), minuteOf(until)]
  const next = last > first ? day.day : day.day + 1
  return { begin: zone.moment({ ...day, minute: first }).getTime(), end: zone.moment({ ...day, day: next, minute: last }).getTime() }
}

function minuteOf(time: string): number {
  const [hours, minutes] = time.split(':')
  return Number(hours) * 60 + Number(minutes)
}
