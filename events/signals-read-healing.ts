import { defineEvent } from '#src/kernel/event.ts'
import { signalsPayload } from '#src/kernel/signals-payload.ts'

/** A cycle knows how the services are: healing decides. */
export default defineEvent({
  on: 'signals.read',
  schema: signalsPayload,
  needs: ['healing', 'log'],
  run: (read, { healing }) => healing.take(read),
  onGaveUp: ({ place }, error, { log }) =>
    log.warn({ err: error, environment: place.environment }, 'healing could not decide from a reading: it does from the next'),
})
