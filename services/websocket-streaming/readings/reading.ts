import { z } from 'zod'
import { storableObject, storableText } from '#src/adapters/store/storable.ts'
import { levelSchema, metricsSchema } from '#src/consciousness/ucf.ts'

/** One reading of one agent, as it is published. Metrics that are not known are kept as they are. Whoever hears it may store it. */
export const reading = z.object({
  agent_id: storableText(1, 128),
  consciousness_level: levelSchema,
  ucf_metrics: storableObject
    .refine((metrics) => Object.keys(metrics).length <= 100, 'must have at most 100 metrics')
    .pipe(metricsSchema)
    .describe('harmony, prana, drishti and klesha on 0–1 (or 0–10), zoom and resilience from 0 on, and any others'),
  timestamp: storableText(1, 64).refine((text) => !Number.isNaN(Date.parse(text)), 'must be a point in time, such as 2026-01-31T12:00:00Z'),
})
export type Reading = z.output<typeof reading>

/** Without a time it is of when it comes. */
export const askedReading = reading.extend({ timestamp: reading.shape.timestamp.optional() })
export type AskedReading = z.output<typeof askedReading>
