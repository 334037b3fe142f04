import { z } from 'zod'
import type { Place } from '#src/kernel/call.ts'
import { defineEvent } from '#src/kernel/event.ts'

const place: z.ZodType<Place> = z.object({ guild: z.string(), project: z.string(), environment: z.string() })

/** A change came to its end: the incident of its service tells how. Every process hears it, and the first notes it. */
export default defineEvent({
  on: 'operation.settled',
  schema: z.object({ id: z.string(), place, serviceId: z.string(), status: z.string(), sentence: z.string() }),
  needs: ['incidents', 'log'],
  run: ({ id, place, serviceId, status, sentence }, { incidents }) =>
    incidents.operation({ place, service: serviceId, operation: id, stage: status, sentence }),
  onGaveUp: ({ id }, error, { log }) => log.warn({ operation: id, err: error }, 'an incident does not tell how an operation ended'),
})
