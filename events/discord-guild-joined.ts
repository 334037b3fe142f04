import { z } from 'zod'
import { defineEvent } from '#src/kernel/event.ts'

/** The bot was invited to a server while it ran. It serves that one if no variable names another and it serves none yet. */
export default defineEvent({
  on: 'discord.guild-joined',
  schema: z.object({ id: z.string(), name: z.string() }),
  needs: ['adoption', 'places', 'log'],
  async run({ id }, { adoption, places, log }) {
    const served = places.guilds().length > 0 ? places.guilds() : await adoption.serveOnly([id])
    log.info({ guild: id, served: served.includes(id) }, 'the bot joined a server')
  },
  onGaveUp: ({ id }, error, { log }) => log.error({ guild: id, err: error }, 'a server that was joined is not served'),
})
