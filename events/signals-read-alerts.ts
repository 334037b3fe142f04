import { defineEvent } from '#src/kernel/event.ts'
import { signalsPayload } from '#src/kernel/signals-payload.ts'

/** A cycle knows how the services are: the alert rules decide. */
export default defineEvent({
  on: 'signals.read',
  schema: signalsPayload,
  needs: ['alerts', 'log'],
  run: (read, { alerts }) => alerts.take(read),
  onGaveUp: ({ place }, error, { log }) =>
    log.warn({ err: error, environment: place.environment }, 'alert rules could not decide from a reading: they do from the next'),
})
