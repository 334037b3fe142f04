import { z } from 'zod'
import { defineEvent } from '#src/kernel/event.ts'
import type { EnvironmentSignals } from '#src/signals/signals.ts'

const signals = z.custom<EnvironmentSignals>((value) => typeof value === 'object' && value !== null && 'services' in value)

/** A cycle knows how the services are: healing decides. */
export default defineEvent({
  on: 'signals.read',
  schema: signals,
  needs: ['healing', 'log'],
  run: (read, { healing }) => healing.take(read),
  onGaveUp: ({ place }, error, { log }) =>
    log.warn({ err: error, environment: place.environment }, 'healing could not decide from a reading: it does from the next'),
})
