import { z } from 'zod'
import { defineEvent } from '#src/kernel/event.ts'
import type { Told } from '#src/webhooks/turns.ts'

/** Something changed at Railway, whatever the webhook says that it is: Helix looks for itself, soon. */
export default defineEvent({
  on: 'railway.webhook',
  schema: z.custom<Told>((value) => typeof value === 'object' && value !== null && 'type' in value && 'turns' in value),
  needs: ['webhooks', 'environments', 'signals', 'log'],
  async run(notice, { webhooks, environments, signals, log }) {
    const places = webhooks.about(notice)
    if (places.length === 0)
      log.debug({ type: notice.said, project: notice.project }, 'a webhook is about a project that nobody works on here')
    for (const place of places) {
      if (signals.newest(place)) environments.invalidate(place)
      webhooks.hint(place)
    }
  },
  onGaveUp: ({ said }, error, { log }) =>
    log.warn({ err: error, type: said }, 'a webhook is not followed by a look: the next cycle has it'),
})
