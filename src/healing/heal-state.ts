import { z } from 'zod'

/** A moment, in ms since 1970. */
const moment = z.number()

/** What a policy has been trying since a service fell ill, until it has been well for long enough. */
const episode = z.object({
  /** Since when it is ill. */
  began: moment,
  /** Which step comes, and how often it was tried. */
  rung: z.int().min(0),
  tried: z.int().min(0),
  /** The act that was decided last, `attempt 1 of 3: restart`, and from when on the next step comes. */
  last: z.string().optional(),
  dueAt: moment.optional(),
  /** An act was decided, and what came of it is not counted yet. */
  asked: z.boolean(),
  /** How many acts there were, whatever became of them. */
  acts: z.int().min(0),
  /** Why nothing is done at present, as it was told: a word, and the thing that it is about. */
  held: z.string().optional(),
  /** Nothing is tried before. */
  notBefore: moment.optional(),
  /** Since when it has been well, without a break. */
  wellSince: moment.optional(),
  /** It was well, and since then is ill again. */
  againAt: moment.optional(),
  gaveUpAt: moment.optional(),
  /** People were called, as nothing may be done for long. */
  called: z.boolean().optional(),
  /** Where it is told: an incident, and the message of its own where there was none. */
  incident: z.string().optional(),
  message: z.string().optional(),
})
export type Episode = Readonly<z.output<typeof episode>>

/** What a healing policy remembers from one reading to the next. */
export const healState = z.object({
  /** How its condition stands, as an alert rule's does. */
  trouble: z
    .object({
      phase: z.enum(['pending', 'firing', 'over']),
      since: moment,
      easedAt: moment.optional(),
      unreadAt: moment.optional(),
    })
    .optional(),
  /** When the service was last seen being changed. */
  busyAt: moment.optional(),
  episode: episode.optional(),
})
export type HealState = Readonly<z.output<typeof healState>>
