import { z } from 'zod'
import { defineEvent } from '#src/kernel/event.ts'
import type { EnvironmentSignals } from '#src/signals/signals.ts'

const signals = z.custom<EnvironmentSignals>((value) => typeof value === 'object' && value !== null && 'services' in value)

/** A cycle knows how the services are: the alert rules decide. */
export default defineEvent({
  on: 'signals.read',
  schema: signals,
  needs: ['alerts', 'log'],
  run: (read, { alerts }) => alerts.take(read),
  onGaveUp: ({ place }, error, { log }) =>
    log.warn({ err: error, environment: place.environment }, 'alert rules could not decide from a reading: they do from the next'),
})
