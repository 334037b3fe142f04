import { z } from 'zod'
import type { IncomingInteraction } from '#src/adapters/discord/discord.ts'
import { defineEvent } from '#src/kernel/event.ts'

/** A member called a command, pressed a button or is typing an option. */
export default defineEvent({
  on: 'discord.interaction',
  schema: z.custom<IncomingInteraction>((value) => typeof value === 'object' && value !== null && 'kind' in value),
  needs: ['doors', 'log'],
  run: (incoming, { doors }) => doors.receive(incoming),
  onGaveUp: ({ id, kind }, _, { log }) => log.error({ interaction: id, kind }, 'an interaction was left without an answer'),
})
