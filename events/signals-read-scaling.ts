import { defineEvent } from '#src/kernel/event.ts'
import { signalsPayload } from '#src/kernel/signals-payload.ts'

/** A cycle knows what the services have to bear: the scaling policies decide. */
export default defineEvent({
  on: 'signals.read',
  schema: signalsPayload,
  needs: ['scaling', 'log'],
  run: (read, { scaling }) => scaling.take(read),
  onGaveUp: ({ place }, error, { log }) =>
    log.warn({ err: error, environment: place.environment }, 'scaling could not decide from a reading: it does from the next'),
})
