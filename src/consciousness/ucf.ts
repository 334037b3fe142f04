import { z } from 'zod'

/** Fractions, on 0–1 in most sources and on 0–10 in some. Of klesha less is better. */
export const fractions = ['harmony', 'prana', 'drishti', 'klesha'] as const
/** Around 1, without an upper end. */
export const scalars = ['zoom', 'resilience'] as const

/** The metrics that are known, as people read them. */
export const ucfMetrics = ['harmony', 'resilience', 'prana', 'drishti', 'zoom', 'klesha'] as const

/** From 0 to so much. */
const MOST = 10

/** How well a whole system is doing. */
export const levelSchema = z.number().min(0).max(MOST)

/** Metrics as sources give them: the known ones are numbers of a sensible size, any others are whatever they are. */
export const metricsSchema = z.looseObject({
  ...named(fractions, z.number().min(0).max(MOST)),
  ...named(scalars, z.number().min(0)),
})

/** The same without a reason, for whoever asks of every message of a flood; true only where the schemas say so too. */
export function isPlainLevel(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= MOST
}

export function isPlainScalar(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY
}

function named<const Name extends string>(names: readonly Name[], value: z.ZodNumber) {
  return Object.fromEntries(names.map((name) => [name, value.optional()])) as Record<Name, z.ZodOptional<z.ZodNumber>>
}
