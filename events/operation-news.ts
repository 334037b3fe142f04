import { z } from 'zod'
import { defineEvent } from '#src/kernel/event.ts'

/** A change came to its end: others hear of it through Zapier. Every process of the bot tells it, and the service keeps the first. */
export default defineEvent({
  on: 'operation.settled',
  schema: z.object({
    id: z.string(),
    kind: z.string(),
    service: z.string(),
    environment: z.string(),
    status: z.string(),
    sentence: z.string(),
    by: z.string(),
  }),
  needs: ['zapier', 'log'],
  async run({ id, by, ...told }, { zapier }) {
    const data = { operation: id, ...told, asked_by: by }
    // One that nobody knew the outcome of ends once more, by a person's word.
    await zapier.tell({ trigger: 'operation.settled', data, target: 'communications-hub', key: `operation:${id}:${told.status}` })
  },
  onGaveUp: ({ id }, error, { log }) => log.warn({ operation: id, err: error }, 'Zapier does not hear that an operation ended'),
})
