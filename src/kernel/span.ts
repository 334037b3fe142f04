import { z } from 'zod'
import { parseDuration, sayDuration } from './arguments/duration.ts'

/** A length of time as people write it (`5m`), within bounds; in ms. Faults go on from the name of what it is about. */
export const span = (least: number, most: number) =>
  z.string('must be a length of time such as 5m').transform((written, context) => {
    const ms = parseDuration(written)
    if (ms !== undefined && ms >= least && ms <= most) return ms
    const from = least === 0 ? '0s' : sayDuration(least)
    context.addIssue({ code: 'custom', message: `must be a length of time from ${from} to ${sayDuration(most)}, such as 5m` })
    return z.NEVER
  })
