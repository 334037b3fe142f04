import { z } from 'zod'
import { defineEvent } from '#src/kernel/event.ts'

/** Discord ended the session for good. A process that cannot hear must not seem alive: it ends, and whoever runs it starts it anew. */
export default defineEvent({
  on: 'discord.lost',
  schema: z.object({ code: z.number(), reason: z.string() }),
  needs: ['stop'],
  run: async ({ code, reason }, { stop }) => stop(`Discord closed the session for good (${code}: ${reason})`, 1),
  onGaveUp: (_, __, { stop }) => stop('Discord closed the session for good', 1),
})
