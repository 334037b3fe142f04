import { UserError } from '#src/kernel/errors.ts'
import { choose } from './choose.ts'
import type { DiscordAccount } from './discord-account.ts'
import type { Values } from './dotenv-file.ts'
import { inviteLink } from './invite-link.ts'
import { settled } from './settled.ts'
import type { Terminal } from './terminal.ts'

/** Asks for the bot's token until Discord knows it, and for the server to serve. */
export async function setupDiscord(
  terminal: Terminal,
  set: Readonly<NodeJS.Dict<string>>,
  read: (token: string) => Promise<DiscordAccount>,
): Promise<Values> {
  const kept = set.DISCORD_BOT_TOKEN
  terminal.say('Discord: make an application at https://discord.com/developers/applications; its Bot page gives the token.')
  const { token, account } = await settled(terminal, async () => {
    const answer = await terminal.ask(`Discord bot token${kept ? ' (Enter keeps the present one)' : ''}?`, 'secret')
    const given = answer || kept
    if (!given) throw new UserError('Without a bot token there is nothing to set up: `npm start` then opens the playground.')
    return { token: given, account: await read(given) }
  })
  const { application } = account
  terminal.say(`It is the token of ${application.name}. Open this link to add it to your server:\n\n  ${inviteLink(application.id)}\n`)
  const guilds = account.guilds.length > 0 ? account.guilds : await invited(terminal, () => read(token))
  const guild = guilds.length > 0 ? await choose(terminal, 'Server', guilds, set.DISCORD_GUILD_ID) : undefined
  return { DISCORD_BOT_TOKEN: token, DISCORD_CLIENT_ID: application.id, DISCORD_GUILD_ID: guild?.id ?? '' }
}

/** It may be added to a server later as well: Helix then serves the one that it is in. */
async function invited(terminal: Terminal, read: () => Promise<DiscordAccount>): Promise<DiscordAccount['guilds']> {
  for (;;) {
    const answer = await terminal.ask('It is in no server yet. Enter when you have added it, or "later"?')
    if (/^l/i.test(answer)) return []
    const { guilds } = await settled(terminal, read)
    if (guilds.length > 0) return guilds
  }
}
