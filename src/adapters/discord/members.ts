import { type APIGuild, type APIGuildMember, PermissionFlagsBits, Routes } from 'discord.js'
import { UpstreamError } from '#src/kernel/errors.ts'
import type { DiscordMembers } from './discord.ts'
import { createRest } from './rest.ts'
import { asked } from './upstream.ts'

export interface MembersParts {
  readonly token: string
  /** Without version, such as `https://discord.com/api`. */
  readonly apiUrl: string
}

/** Unknown member, unknown user: https://discord.com/developers/docs/topics/opcodes-and-status-codes */
const unknown = new Set([10007, 10013])

/** Members as Discord knows them at this moment, over REST: no privileged intent is needed to read one by its id. */
export function createDiscordMembers({ token, apiUrl }: MembersParts): DiscordMembers {
  const rest = createRest(apiUrl, token)
  const get = <Answer>(operation: string, route: `/${string}`) =>
    asked({ operation, repeatable: true }, (signal) => rest.get(route, { signal }) as Promise<Answer>)

  return {
    async read(guild, user) {
      try {
        const [member, { roles, owner_id }] = await Promise.all([
          get<APIGuildMember>('get_guild_member', Routes.guildMember(guild, user)),
          get<APIGuild>('get_guild', Routes.guild(guild)),
        ])
        const held = roles.filter(({ id }) => id === guild || member.roles.includes(id))
        const mayAll = held.some(({ permissions }) => (BigInt(permissions) & PermissionFlagsBits.Administrator) !== 0n)
        return {
          id: user,
          name: member.nick ?? member.user.global_name ?? member.user.username,
          standing: { roles: member.roles, administrator: mayAll || owner_id === user },
        }
      } catch (error) {
        if (error instanceof UpstreamError && error.fault.code !== undefined && unknown.has(error.fault.code)) return undefined
        throw error
      }
    },
  }
}
