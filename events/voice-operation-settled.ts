import { z } from 'zod'
import { defineEvent } from '#src/kernel/event.ts'

/** A change came to its end: who asked for it in a voice channel hears how. */
export default defineEvent({
  on: 'operation.settled',
  schema: z.object({ id: z.string() }),
  needs: ['voice', 'log'],
  run: ({ id }, { voice }) => voice.settled(id),
  onGaveUp: ({ id }, error, { log }) => log.warn({ operation: id, err: error }, 'the end of a change could not be told by voice'),
})
