import { z } from 'zod'
import type { Place } from '#src/kernel/call.ts'
import { defineEvent } from '#src/kernel/event.ts'

const place: z.ZodType<Place> = z.object({ guild: z.string(), project: z.string(), environment: z.string() })

/** A change came to its end: what was read before is of yesterday. */
export default defineEvent({
  on: 'operation.settled',
  schema: z.object({ id: z.string(), place, kind: z.string(), service: z.string(), status: z.string() }),
  needs: ['environments', 'log'],
  async run({ id, place, kind, service, status }, { environments, log }) {
    environments.invalidate(place)
    log.info({ operation: id, kind, service, status }, 'an operation came to its end')
  },
  onGaveUp: ({ id }, error, { log }) => log.warn({ operation: id, err: error }, 'readings may be old for a while'),
})
