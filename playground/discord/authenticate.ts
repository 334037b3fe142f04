import type { Account } from './model.ts'
import { Refused } from './refusals.ts'
import type { World } from './world.ts'

/** `DiscordBot ($url, $version)`: https://docs.discord.com/developers/reference#user-agent */
const botAgent = /^DiscordBot \(\S+, ?[^)]+\)/

/** Reads the Authorization header: `Bot <token>` for the bot, the bare token for people. Refuses 401, and 40333 for a bot with another agent. */
export function createAuthenticate({ accounts }: World, kind: Account['kind']) {
  const known = new Map(
    accounts.filter((account) => account.kind === kind).map(({ id, token }) => [kind === 'bot' ? `Bot ${token}` : token, id]),
  )
  return (authorization: string | undefined, userAgent: string | undefined, needed: boolean): string => {
    if (kind === 'bot' && !botAgent.test(userAgent ?? '')) throw new Refused('userAgent')
    if (!needed) return ''
    const account = known.get(authorization ?? '')
    if (!account) throw new Refused('unauthorized')
    return account
  }
}
