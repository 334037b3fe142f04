import { fractions } from './ucf.ts'

export type Scale = '0-1' | '0-10'

/** Where a message has its metrics. Publishers that share a name are told apart by it. */
export type MetricsShape = 'ucf_metrics' | 'ucf' | 'bare'

/** The scale that a source was taken to use. */
export interface KnownScale {
  readonly scale: Scale
  /** When that changed, in ms since 1970; undefined where it never did. */
  readonly changedAt?: number
}

/** Of a source: for each shape of its messages. */
export type KnownScales = Readonly<Partial<Record<MetricsShape, KnownScale>>>

export interface Measured {
  readonly shape: MetricsShape
  readonly metrics: unknown
  /** 0–10. */
  readonly level: number | undefined
  /** When it came, in ms. */
  readonly at: number
}

/**
 * On which scale each source gives its fractions. Some use 0–1 and others 0–10, and none says so. What a source was taken to use holds until
 * several of its messages in a row clearly say the other: one odd value changes nothing, and nothing holds for ever.
 */
export interface Scales {
  /** The scale of a reading: undefined where it has no fraction; `mixed` where its fractions cannot be of one scale that the source may use. */
  of(source: string, measured: Measured): Scale | 'mixed' | undefined
  /** The same of a message that was heard already, or will be: it does not count. */
  look(source: string, measured: Measured): Scale | 'mixed' | undefined
  /** What is known of a source. */
  known(source: string): KnownScales
  /** What was known of a source before. */
  know(source: string, known: KnownScales): void
}

export const deciding = {
  /** A fraction of 1.02 is one that was rounded, or measured with an error. */
  noise: 1.5,
  /** Beyond it nothing is a fraction of 1; and a system with such a level has some metric of more than 1 on 0–10. */
  clear: 2,
  /** So many messages in a row change what a source is taken to use: on 0–10 small values mean trouble, so going back takes more of them. */
  needed: { '0-10': 3, '0-1': 10 },
} as const

/** Sources that are remembered; beyond it those are forgotten that were heard the longest ago. */
const MOST_SOURCES = 1_000

interface Held extends KnownScale {
  /** Messages in a row that say the other scale. */
  readonly against: number
}

/** `changed` is told of each source that is taken to use another scale from now on. */
export function createScales(changed: (source: string, scale: Scale) => void = () => {}): Scales {
  const sources = new Map<string, Partial<Record<MetricsShape, Held>>>()

  function keep(source: string, held: Partial<Record<MetricsShape, Held>>): void {
    sources.delete(source)
    sources.set(source, held)
    const [oldest] = sources.keys()
    if (oldest !== undefined && sources.size > MOST_SOURCES) sources.delete(oldest)
  }

  return {
    of(source, measured) {
      const given = fractionsIn(measured.metrics)
      if (given.length === 0) return undefined
      const all = sources.get(source) ?? {}
      const before = all[measured.shape]
      const after = moved(before, Math.max(...given), measured)
      if (after !== before) keep(source, { ...all, [measured.shape]: after })
      if (before && before.scale !== after.scale) changed(source, after.scale)
      return scaleOf(given, after)
    },
    look(source, measured) {
      const given = fractionsIn(measured.metrics)
      const held = sources.get(source)?.[measured.shape]
      return given.length === 0 ? undefined : scaleOf(given, held ?? moved(undefined, Math.max(...given), measured))
    },
    known: (source) =>
      Object.fromEntries(Object.entries(sources.get(source) ?? {}).map(([shape, { against: _, ...known }]) => [shape, known])),
    know(source, known) {
      keep(source, Object.fromEntries(Object.entries(known).map(([shape, each]) => [shape, { ...each, against: 0 }])))
    },
  }
}

function scaleOf(given: readonly number[], { scale }: KnownScale): Scale | 'mixed' {
  if (scale === '0-10' || Math.max(...given) <= deciding.noise) return scale
  return Math.min(...given) > 1 ? '0-10' : 'mixed'
}

function moved(before: Held | undefined, most: number, { level, at }: Measured): Held {
  if (!before) return { scale: most > deciding.noise ? '0-10' : '0-1', against: 0 }
  const said = saidBy(most, level)
  if (said === undefined || (said === before.scale && before.against === 0)) return before
  if (said === before.scale) return { ...before, against: 0 }
  const against = before.against + 1
  return against < deciding.needed[said] ? { ...before, against } : { scale: said, changedAt: at, against: 0 }
}

/** Undefined where it may be either. */
function saidBy(most: number, level: number | undefined): Scale | undefined {
  if (most > deciding.clear) return '0-10'
  return most <= 1 && (level === undefined || level > deciding.clear) ? '0-1' : undefined
}

function fractionsIn(metrics: unknown): readonly number[] {
  if (typeof metrics !== 'object' || metrics === null) return []
  return fractions.map((name) => (metrics as Record<string, unknown>)[name]).filter((value) => typeof value === 'number')
}
