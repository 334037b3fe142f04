import { fractions } from './ucf.ts'

export type Scale = '0-1' | '0-10'

/**
 * On which scale each source gives its fractions. Some use 0–1 and others 0–10, and none says so: a value over 1 tells, and holds for the
 * source from then on.
 */
export interface Scales {
  /** The scale of a reading; undefined where it has no fraction. */
  of(source: string, metrics: unknown): Scale | undefined
  /** What is known of a source from before. */
  know(source: string, scale: Scale): void
}

/** Sources that are remembered; beyond it those are forgotten that were heard the longest ago. */
const MOST_SOURCES = 1_000

export function createScales(): Scales {
  const tenfold = new Set<string>()

  function know(source: string, scale: Scale): void {
    if (scale === '0-1') return
    tenfold.delete(source)
    tenfold.add(source)
    const [oldest] = tenfold
    if (oldest !== undefined && tenfold.size > MOST_SOURCES) tenfold.delete(oldest)
  }

  return {
    of(source, metrics) {
      if (typeof metrics !== 'object' || metrics === null) return undefined
      const given = fractions.map((name) => (metrics as Record<string, unknown>)[name]).filter((value) => typeof value === 'number')
      if (given.length === 0) return undefined
      const scale = tenfold.has(source) || given.some((value) => value > 1) ? '0-10' : '0-1'
      know(source, scale)
      return scale
    },
    know,
  }
}
