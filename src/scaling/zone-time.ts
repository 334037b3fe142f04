/** A moment as a clock on a wall shows it. */
export interface WallTime {
  readonly year: number
  /** 1–12. */
  readonly month: number
  readonly day: number
  /** Since midnight. */
  readonly minute: number
}

/** What clocks show in one IANA time zone. */
export interface Zone {
  wall(at: Date): WallTime
  /**
   * When clocks there show that: of the two moments in the night when they are put back the first; where they skip it, as much later. Days
   * beyond a month's end are of the next.
   */
  moment(wall: WallTime): Date
}

const MINUTE = 60_000
const DAY = 1_440 * MINUTE

/** Throws RangeError for one that is not known. */
export function createZone(timeZone: string): Zone {
  const format = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' },
  })

  function wall(at: Date): WallTime {
    const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {}
    for (const { type, value } of format.formatToParts(at)) parts[type] = value
    const of = (type: Intl.DateTimeFormatPartTypes) => Number(parts[type])
    return { year: of('year'), month: of('month'), day: of('day'), minute: of('hour') * 60 + of('minute') }
  }

  /** By how much clocks there are ahead of UTC, in ms. */
  const ahead = (at: number) => asUtc(wall(new Date(at))) - Math.floor(at / MINUTE) * MINUTE

  return {
    wall,
    moment(wanted) {
      const shown = asUtc(wanted)
      // Clocks change at most once in two days.
      const [before, after] = [ahead(shown - DAY), ahead(shown + DAY)]
      const found = [shown - before, shown - after].toSorted((one, other) => one - other).find((at) => at + ahead(at) === shown)
      return new Date(found ?? shown - before)
    },
  }
}

/** 0 is Monday. */
export function weekday({ year, month, day }: WallTime): number {
  return (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7
}

function asUtc({ year, month, day, minute }: WallTime): number {
  return Date.UTC(year, month - 1, day, 0, minute)
}
