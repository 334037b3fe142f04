import { defineEvent } from '#src/kernel/event.ts'
import { signalsPayload } from '#src/kernel/signals-payload.ts'

/** A cycle knows how the services are: Helix works out how well all of it is doing. */
export default defineEvent({
  on: 'signals.read',
  schema: signalsPayload,
  needs: ['consciousness', 'log'],
  run: (read, { consciousness }) => consciousness.reckon(read),
  onGaveUp: ({ place }, error, { log }) =>
    log.warn(
      { err: error, environment: place.environment },
      'the computed level could not be kept or published: the next cycle tries again',
    ),
})
