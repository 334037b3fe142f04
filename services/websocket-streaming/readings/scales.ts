import { fractions } from './reading.ts'

export type Scale = '0-1' | '0-10'

/**
 * On which scale each source gives its fractions. Some use 0–1 and others 0–10, and none says so: a value over 1 tells, and holds for the
 * source from then on.
 */
export interface Scales {
  /** The scale of a reading; undefined where it has no fraction. */
  of(message: Readonly<Record<string, unknown>>): Scale | undefined
}

/** Sources that are remembered; beyond it those are forgotten that were heard the longest ago. */
const MOST_SOURCES = 1_000

export function createScales(): Scales {
  const tenfold = new Set<string>()
  return {
    of({ agent_id: agent, ucf_metrics: metrics }) {
      if (typeof metrics !== 'object' || metrics === null) return undefined
      const given = fractions.map((name) => (metrics as Record<string, unknown>)[name]).filter((value) => typeof value === 'number')
      if (given.length === 0) return undefined
      const source = typeof agent === 'string' ? agent : ''
      if (!tenfold.has(source) && given.every((value) => value <= 1)) return '0-1'
      tenfold.delete(source)
      tenfold.add(source)
      const [oldest] = tenfold
      if (oldest !== undefined && tenfold.size > MOST_SOURCES) tenfold.delete(oldest)
      return '0-10'
    },
  }
}
