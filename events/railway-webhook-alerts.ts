import { z } from 'zod'
import { defineEvent } from '#src/kernel/event.ts'
import type { Told } from '#src/webhooks/turns.ts'

/** A webhook of Railway that an alert rule may name, or that says that such a thing is over. */
export default defineEvent({
  on: 'railway.webhook',
  schema: z.custom<Told>((value) => typeof value === 'object' && value !== null && 'type' in value && 'turns' in value),
  needs: ['webhooks', 'alerts', 'log'],
  async run(notice, { webhooks, alerts }) {
    for (const place of webhooks.about(notice)) await alerts.hear(place, notice)
  },
  onGaveUp: ({ said }, error, { log }) => log.error({ err: error, type: said }, 'the alert rules do not know of a webhook of Railway'),
})
