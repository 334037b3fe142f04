import { z } from 'zod'
import { seenLimit } from './replica-limit.ts'
import { recommended } from './stable.ts'

/** What a policy made of the newest reading, for whoever asks. */
const told = z.object({
  /** When it was read, in ms. */
  at: z.number(),
  verdict: z.string(),
  sentence: z.string(),
  tone: z.enum(['neutral', 'good', 'warning', 'bad']),
  replicas: z.object({ running: z.number(), set: z.number() }).optional(),
  bounds: z.object({ min: z.number(), max: z.number(), by: z.string().optional() }),
  /** How many replicas the load takes, whatever the bounds; undefined where nobody knows. */
  takes: z.number().optional(),
  figures: z.array(z.object({ name: z.string(), value: z.string(), target: z.string(), takes: z.number().optional() })),
})
export type Told = z.output<typeof told>

/** What is kept between two decisions. */
export const scaleState = z.object({
  told,
  /** The least and the most that were recommended, for going up and down. */
  up: recommended,
  down: recommended,
  limits: z.object({ cpu: seenLimit, memory: seenLimit }).optional(),
  /** What was written down as a decision, and when, in ms: not every cycle again. */
  said: z.record(z.string(), z.number()),
})
export type ScaleState = z.output<typeof scaleState>
