import type { DiscordInspection, GuildStanding, PermissionName } from '#src/adapters/discord/discord.ts'
import type { Posts, RefusedThere } from '#src/delivery/posts.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import { andList, count } from '#src/kernel/say.ts'
import { clockSkew } from './clock-skew.ts'
import { type Area, type Finding, findingsOf } from './finding.ts'

export interface DiscordParts {
  readonly inspection: DiscordInspection
  /** What would change at Discord's list of commands, a line each; nothing is written. */
  readonly commandDiff: () => Promise<readonly string[]>
  /** Of the gateway session: milliseconds, -1 before the first heartbeat, undefined while there is none. Left out: this process has none. */
  readonly ping?: () => number | undefined
  /** Channels of a guild in which something of Helix stands. */
  readonly channelsInUse: (guild: string) => Promise<readonly string[]>
  /** What Discord refuses to show, by channel; left out: nobody knows. */
  readonly refused?: Posts['refused']
  readonly inviteLink: string
  readonly clock: Clock
}

const area = 'Discord'
const { ok, warning, problem, unknown } = findingsOf(area)
/** Discord's `Date` header has whole seconds. */
const dateMs = 1_000
const mostNamed = 8

/** The token, the session, and what the bot may do in the guild and its channels. */
export function discordArea(parts: DiscordParts): Area {
  const { inspection, commandDiff, ping, inviteLink, clock } = parts

  async function self(): Promise<readonly Finding[]> {
    const started = clock.now().getTime()
    const { starts, at } = await inspection.self()
    const middle = new Date((started + clock.now().getTime()) / 2)
    const left = `${starts.remaining.toLocaleString('en')} of ${starts.total.toLocaleString('en')} session starts are left today.`
    const few = starts.remaining < Math.min(50, starts.total / 4)
    return [
      ok('REST', 'Discord answers, and takes the bot token.'),
      few
        ? warning(
            'Session starts',
            `${left} Going over resets the token.`,
            'Find out why the bot starts so often: its log, and what restarts it.',
          )
        : ok('Session starts', left),
      at
        ? clockSkew(area, 'Discord', new Date(at.getTime() + dateMs / 2), middle, dateMs)
        : unknown('Clock (Discord)', 'Discord did not tell its time.'),
    ]
  }

  function session(): readonly Finding[] {
    const intents = ok('Intents', 'Guilds and Guild Voice States: neither is privileged, so there is nothing to switch on.')
    if (!ping)
      return [
        unknown('Gateway', 'Not looked at: a second session with the same token would disturb the bot.', 'Ask the running bot: /doctor.'),
        intents,
      ]
    const ms = ping()
    if (ms === undefined)
      return [
        problem(
          'Gateway',
          'The session is not ready: no command is heard now.',
          'Wait a minute; if it stays so, look at the log and at discordstatus.com.',
        ),
        intents,
      ]
    return [ok('Gateway', ms < 0 ? 'The session is ready.' : `The session is ready; the heartbeat takes ${ms} ms.`), intents]
  }

  async function commands(): Promise<readonly Finding[]> {
    const diff = await commandDiff()
    if (diff.length === 0) return [ok('Commands', 'They are registered and up to date.')]
    return [
      warning(
        'Commands',
        `${count(diff.length, 'command')} at Discord differ from this version: ${andList(diff.slice(0, 5))}.`,
        'Run npm run deploy-commands, or start the bot again.',
      ),
    ]
  }

  async function guild(id: string): Promise<readonly Finding[]> {
    const [standing, inUse] = await Promise.all([inspection.guild(id), parts.channelsInUse(id)])
    if (!standing) return [problem('Server', 'The bot is no member of the server that it serves.', `Invite it: ${inviteLink}`)]
    return [inGuild(standing, inviteLink), ...inChannels(standing, inUse), ...((await parts.refused?.(id)) ?? []).map(refusedThere)]
  }

  return {
    name: area,
    async examine({ guild: id }) {
      const parts = [
        tried('REST', self),
        tried('Commands', commands, `Invite it again with the scope applications.commands: ${inviteLink}`),
        ...(id === '' ? [] : [tried('Server', () => guild(id))]),
      ]
      return [...session(), ...(await Promise.all(parts)).flat()]
    },
  }
}

async function tried(
  name: string,
  look: () => Promise<readonly Finding[]>,
  onNoAccess = 'Check the bot’s membership and roles.',
): Promise<readonly Finding[]> {
  try {
    return await look()
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error
    const { status, code } = error.fault
    if (status === 401)
      return [
        problem(
          name,
          error.message,
          'Copy the token from the Bot page of the Developer Portal, or reset it there, and set DISCORD_BOT_TOKEN.',
        ),
      ]
    if (code === 50001) return [problem(name, error.message, onNoAccess)]
    return [unknown(name, error.message, 'Try again; look at discordstatus.com.')]
  }
}

function inGuild({ name, lacks }: GuildStanding, inviteLink: string): Finding {
  const text = lacks.filter((each) => each !== 'Connect' && each !== 'Speak')
  if (text.length > 0)
    return warning(
      `Permissions in ${name}`,
      `The bot’s roles lack ${words(text)}; some channels may give it all the same.`,
      `Give its role them (Server Settings, Roles), or invite it again: ${inviteLink}`,
    )
  if (lacks.length > 0)
    return warning(
      `Permissions in ${name}`,
      `The bot’s roles lack ${words(lacks)}, which voice needs.`,
      'Give its role them, if voice is used.',
    )
  return ok(`Permissions in ${name}`, 'The bot’s roles give it all that it uses.')
}

function inChannels({ channels }: GuildStanding, inUse: readonly string[]): readonly Finding[] {
  const text = channels.filter(({ kind, lacks }) => kind === 'text' && lacks.length > 0)
  const used = text.filter(({ id }) => inUse.includes(id))
  const others = text.filter(({ id }) => !inUse.includes(id))
  const found: Finding[] = used.map(({ name, lacks }) =>
    problem(
      `#${name}`,
      `Helix has messages there, and lacks ${words(lacks)}: they are not brought up to date.`,
      `Give its role ${words(lacks)} in #${name}.`,
    ),
  )
  const gone = inUse.filter((id) => !channels.some((channel) => channel.id === id)).length
  if (gone > 0)
    found.push(
      unknown(
        'Channels',
        `${count(gone, 'channel')} with messages of Helix cannot be seen: a thread, or a channel that is gone or hidden from the bot.`,
      ),
    )
  if (others.length > 0) {
    const names = others.slice(0, mostNamed).map(({ name, lacks }) => `#${name} (${words(lacks)})`)
    const more = others.length > mostNamed ? `, and ${others.length - mostNamed} more` : ''
    found.push(
      warning(
        'Other channels',
        `Helix could not keep a message up to date in ${names.join(', ')}${more}.`,
        'Nothing, where it is not used there; else give its role these permissions.',
      ),
    )
  }
  if (found.length === 0)
    found.push(
      ok('Channels', `It may do all that it uses in ${count(channels.filter(({ kind }) => kind === 'text').length, 'text channel')}.`),
    )
  return found
}

function refusedThere({ where, reason, times }: RefusedThere): Finding {
  return problem(
    `Posting in ${where}`,
    `${count(times, 'time')} in the last day Discord refused what Helix had to show there. ${reason}`,
    'Mend that, or send incidents elsewhere: /alerts route add. What must be seen went to the server’s system channel meanwhile.',
  )
}

/** `EmbedLinks` is Embed Links in Discord's settings. */
function words(names: readonly PermissionName[]): string {
  return andList(names.map((name) => name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')))
}
