import { z } from 'zod'
import { defineEvent } from '#src/kernel/event.ts'
import type { EnvironmentSignals } from '#src/signals/signals.ts'

const signals = z.custom<EnvironmentSignals>((value) => typeof value === 'object' && value !== null && 'services' in value)

/** A cycle knows what the services have to bear: the scaling policies decide. */
export default defineEvent({
  on: 'signals.read',
  schema: signals,
  needs: ['scaling', 'log'],
  run: (read, { scaling }) => scaling.take(read),
  onGaveUp: ({ place }, error, { log }) =>
    log.warn({ err: error, environment: place.environment }, 'scaling could not decide from a reading: it does from the next'),
})
