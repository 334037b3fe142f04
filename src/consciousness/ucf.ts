import { z } from 'zod'

/** Fractions, on 0–1 in most sources and on 0–10 in some. Of klesha less is better. */
export const fractions = ['harmony', 'prana', 'drishti', 'klesha'] as const
/** Around 1, without an upper end. */
export const scalars = ['zoom', 'resilience'] as const

/** The metrics that are known, as people read them. */
export const ucfMetrics = ['harmony', 'resilience', 'prana', 'drishti', 'zoom', 'klesha'] as const

/** How well a whole system is doing. */
export const levelSchema = z.number().min(0).max(10)

/** Metrics as sources give them: the known ones are numbers of a sensible size, any others are whatever they are. */
export const metricsSchema = z.looseObject({
  ...named(fractions, z.number().min(0).max(10)),
  ...named(scalars, z.number().min(0)),
})

function named<const Name extends string>(names: readonly Name[], value: z.ZodNumber) {
  return Object.fromEntries(names.map((name) => [name, value.optional()])) as Record<Name, z.ZodOptional<z.ZodNumber>>
}
