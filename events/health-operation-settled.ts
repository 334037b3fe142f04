import { z } from 'zod'
import type { Place } from '#src/kernel/call.ts'
import { defineEvent } from '#src/kernel/event.ts'

const place: z.ZodType<Place> = z.object({ guild: z.string(), project: z.string(), environment: z.string() })

/** A change came to its end: the health cycle need not wait for its turn to see what became of it. */
export default defineEvent({
  on: 'operation.settled',
  schema: z.object({ id: z.string(), place }),
  needs: ['signals', 'log'],
  run: ({ place: where }, { signals }) => signals.lookNow(where),
  onGaveUp: ({ id }, error, { log }) => log.debug({ operation: id, err: error }, 'health is read at the next turn of its cycle'),
})
