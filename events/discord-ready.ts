import { z } from 'zod'
import { defineEvent } from '#src/kernel/event.ts'

/** The gateway session stands: commands are brought up to date with Discord, which writes nothing where nothing changed. */
export default defineEvent({
  on: 'discord.ready',
  schema: z.object({ name: z.string(), guilds: z.array(z.object({ id: z.string(), name: z.string() })) }),
  needs: ['registration', 'places', 'log'],
  async run({ name, guilds }, { registration, places, log }) {
    log.info({ name, guilds: guilds.length }, 'Discord is ready')
    for (const guild of places.guilds().filter((id) => !guilds.some((each) => each.id === id))) {
      log.warn({ guild }, 'the bot is not a member of the server that it serves: invite it')
    }
    const changed = await registration.register()
    log.info({ changed }, changed.length > 0 ? 'commands were registered' : 'commands are registered as they are')
  },
  onGaveUp: (_, error, { log }) => log.error({ err: error }, 'commands could not be registered; those of before stay'),
})
