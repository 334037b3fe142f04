import { type APIRole, Routes } from 'discord.js'
import { createRest } from './rest.ts'
import { asked } from './upstream.ts'

export interface RolesParts {
  readonly token: string
  /** Without version, such as `https://discord.com/api`. */
  readonly apiUrl: string
}

export interface RoleInfo {
  readonly id: string
  readonly name: string
  /** Whether everybody may mention it: a bot that may not mention everyone then notifies its members. */
  readonly mentionable: boolean
}

/** The roles of a guild, with the bot's own token. Throws UpstreamError. */
export type ReadRoles = (guild: string) => Promise<readonly RoleInfo[]>

export function createReadRoles({ token, apiUrl }: RolesParts): ReadRoles {
  const rest = createRest(apiUrl, token)
  return async (guild) => {
    const roles = await asked({ operation: 'list_guild_roles', repeatable: true }, (signal) =>
      rest.get(Routes.guildRoles(guild), { signal }),
    )
    return (roles as APIRole[]).map(({ id, name, mentionable }) => ({ id, name, mentionable }))
  }
}
