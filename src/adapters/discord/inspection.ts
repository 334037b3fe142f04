import {
  type APIChannel,
  type APIGuild,
  type APIGuildMember,
  type APIUser,
  ChannelType,
  OverwriteType,
  PermissionFlagsBits,
  type REST,
  RequestMethod,
  Routes,
} from 'discord.js'
import { UpstreamError } from '#src/kernel/errors.ts'
import type { DiscordInspection, GuildStanding, PermissionName } from './discord.ts'
import { createRest } from './rest.ts'
import { asked } from './upstream.ts'

export interface InspectionParts {
  readonly token: string
  /** Without version, such as `https://discord.com/api`. */
  readonly apiUrl: string
}

const inText = [
  'ViewChannel',
  'SendMessages',
  'EmbedLinks',
  'AttachFiles',
  'ReadMessageHistory',
] as const satisfies readonly PermissionName[]
const inVoice = ['ViewChannel', 'Connect', 'Speak'] as const satisfies readonly PermissionName[]
const textChannels: ReadonlySet<number> = new Set([ChannelType.GuildText, ChannelType.GuildAnnouncement])
const voiceChannels: ReadonlySet<number> = new Set([ChannelType.GuildVoice, ChannelType.GuildStageVoice])

/** Asks Discord how the bot stands, and changes nothing. Throws UpstreamError. */
export function createDiscordInspection({ token, apiUrl }: InspectionParts): DiscordInspection {
  const rest = createRest(apiUrl, token)
  const get = <Answer>(operation: string, route: `/${string}`) =>
    asked({ operation, repeatable: true }, (signal) => rest.get(route, { signal }) as Promise<Answer>)

  return {
    self: () => asked({ operation: 'get_bot_gateway', repeatable: true }, (signal) => readSelf(rest, signal)),
    async guild(id) {
      try {
        const [guild, channels, me] = await Promise.all([
          get<APIGuild>('get_guild', Routes.guild(id)),
          get<APIChannel[]>('list_guild_channels', Routes.guildChannels(id)),
          get<APIUser>('get_my_user', Routes.user()).then((user) =>
            get<APIGuildMember>('get_guild_member', Routes.guildMember(id, user.id)),
          ),
        ])
        return standing(guild, channels, me)
      } catch (error) {
        // Unknown guild, missing access: it is no member.
        if (error instanceof UpstreamError && (error.fault.code === 10004 || error.fault.code === 50001)) return undefined
        throw error
      }
    },
  }
}

/** Discord's own time stands in the answer's head. */
async function readSelf(rest: REST, signal: AbortSignal): ReturnType<DiscordInspection['self']> {
  const response = await rest.queueRequest({ method: RequestMethod.Get, fullRoute: Routes.gatewayBot(), signal })
  const { session_start_limit: starts } = (await response.json()) as {
    readonly session_start_limit?: { total?: unknown; remaining?: unknown }
  }
  if (typeof starts?.total !== 'number' || typeof starts.remaining !== 'number')
    throw new SyntaxError('no session start limit in the answer')
  const date = Date.parse(response.headers.get('date') ?? '')
  return { starts: { total: starts.total, remaining: starts.remaining }, at: Number.isNaN(date) ? undefined : new Date(date) }
}

function standing(guild: APIGuild, channels: readonly APIChannel[], me: APIGuildMember): GuildStanding {
  const owns = guild.owner_id === me.user.id
  const roles = [guild.id, ...me.roles]
  const base = guild.roles.filter(({ id }) => roles.includes(id)).reduce((sum, role) => sum | BigInt(role.permissions), 0n)
  const all = owns || (base & PermissionFlagsBits.Administrator) !== 0n
  const lacks = (has: bigint, wanted: readonly PermissionName[]) =>
    all ? [] : wanted.filter((name) => (has & PermissionFlagsBits[name]) === 0n)
  return {
    name: guild.name,
    lacks: lacks(base, [...inText, 'Connect', 'Speak']),
    channels: channels.flatMap((channel) => {
      const kind = textChannels.has(channel.type) ? 'text' : voiceChannels.has(channel.type) ? 'voice' : undefined
      if (!kind) return []
      return [
        {
          id: channel.id,
          name: channel.name ?? channel.id,
          kind,
          lacks: lacks(inChannel(base, channel, guild.id, me), kind === 'text' ? inText : inVoice),
        },
      ]
    }),
  }
}

/** https://discord.com/developers/docs/topics/permissions#permission-overwrites */
function inChannel(base: bigint, channel: APIChannel, everyone: string, { roles, user }: APIGuildMember): bigint {
  const overwrites = ('permission_overwrites' in channel && channel.permission_overwrites) || []
  const apply = (has: bigint, which: typeof overwrites) => {
    const sum = (of: 'allow' | 'deny') => which.reduce((bits, each) => bits | BigInt(each[of]), 0n)
    return (has & ~sum('deny')) | sum('allow')
  }
  const ofEveryone = overwrites.filter(({ id }) => id === everyone)
  const ofRoles = overwrites.filter(({ id, type }) => type === OverwriteType.Role && id !== everyone && roles.includes(id))
  const ofMember = overwrites.filter(({ id, type }) => type === OverwriteType.Member && id === user.id)
  const has = [ofEveryone, ofRoles, ofMember].reduce(apply, base)
  // Who does not see a channel can do nothing there.
  return (has & PermissionFlagsBits.ViewChannel) === 0n ? 0n : has
}
