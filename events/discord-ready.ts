import { z } from 'zod'
import { defineEvent } from '#src/kernel/event.ts'

/** The gateway session stands: commands are brought up to date with Discord, which writes nothing where nothing changed. */
export default defineEvent({
  on: 'discord.ready',
  schema: z.object({ name: z.string(), guilds: z.array(z.object({ id: z.string(), name: z.string() })) }),
  needs: ['adoption', 'registration', 'log'],
  async run({ name, guilds }, { adoption, registration, log }) {
    const member = guilds.map(({ id }) => id)
    const served = await adoption.serveOnly(member)
    log.info({ name, guilds: member.length, served: served.length }, 'Discord is ready')
    for (const guild of served.filter((id) => !member.includes(id))) {
      log.warn({ guild }, 'the bot is not a member of the server that it serves: invite it')
    }
    if (served.length === 0) log.warn({ guilds: member.length }, 'no server is served: set DISCORD_GUILD_ID')
    const changed = await registration.register()
    log.info({ changed }, changed.length > 0 ? 'commands were registered' : 'commands are registered as they are')
  },
  onGaveUp: (_, error, { log }) => log.error({ err: error }, 'commands could not be registered; those of before stay'),
})
