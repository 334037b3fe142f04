import { z } from 'zod'
import { defineEvent } from '#src/kernel/event.ts'

/** The gateway session stands: Helix goes back into the voice channels that it was in, or says why it does not. */
export default defineEvent({
  on: 'discord.ready',
  schema: z.object({}),
  needs: ['voice', 'log'],
  run: (_, { voice }) => voice.resume(),
  onGaveUp: (_, error, { log }) => log.error({ err: error }, 'voice channels of before the start could not be taken up again'),
})
