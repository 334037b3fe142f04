import type { DiscordInspection } from '#src/adapters/discord/discord.ts'
import type { ReadRoles, RoleInfo } from '#src/adapters/discord/roles.ts'
import { findNamed } from '#src/kernel/arguments/find-named.ts'
import { didYouMean } from '#src/kernel/arguments/nearest.ts'
import { UserError } from '#src/kernel/errors.ts'
import { andList } from '#src/kernel/say.ts'

/** What is there in a Discord server to be named. */
export interface GuildNames {
  /** A text channel that Helix may post in, by id, mention or name. Throws UserError. */
  channel(typed: string): string
  /** Throws UserError. */
  role(typed: string): RoleInfo
  /** By id; the id itself where it is gone. */
  channelName(id: string): string
  /** Whether the text channel is there; true where that is not known. */
  hasChannel(id: string): boolean
  roleName(id: string): string
}

export interface GuildNamesParts {
  readonly inspection: Pick<DiscordInspection, 'guild'>
  readonly roles: ReadRoles
}

export type ReadGuildNames = (guild: string) => Promise<GuildNames>

/** Asks Discord at this moment: a name that was changed counts at once. */
export function createReadGuildNames({ inspection, roles: readRoles }: GuildNamesParts): ReadGuildNames {
  return async (guild) => {
    const [standing, roles] = await Promise.all([inspection.guild(guild), readRoles(guild)])
    const channels = standing?.channels.filter(({ kind }) => kind === 'text') ?? []
    // The one that stands for everybody has the server's id.
    const callable = roles.filter(({ id }) => id !== guild)
    return {
      channel(typed) {
        const found = findNamed(bare(typed), channels)
        if (!found) {
          throw new UserError(`There is no text channel “${typed}” that Helix sees, so nothing was changed. ${hint(typed, channels)}`)
        }
        if (found.lacks.length > 0) {
          throw new UserError(`Helix lacks ${andList(found.lacks.map(spaced))} in #${found.name}, so nothing was changed.`)
        }
        return found.id
      },
      channelName: (id) => standing?.channels.find((channel) => channel.id === id)?.name ?? id,
      hasChannel: (id) => !standing || channels.some((channel) => channel.id === id),
      roleName: (id) => roles.find((role) => role.id === id)?.name ?? id,
      role(typed) {
        const found = findNamed(bare(typed), callable)
        if (found) return found
        throw new UserError(`There is no role “${typed}” on this server, so nothing was changed. ${hint(typed, callable)}`)
      },
    }
  }
}

/** `<#12>`, `#alerts`, `<@&12>`, `@oncall` without their marks. */
function bare(typed: string): string {
  return typed
    .trim()
    .replace(/^<(?:#|@&)(\d+)>$/, '$1')
    .replace(/^[#@]/, '')
}

function hint(typed: string, known: readonly { readonly name: string }[]): string {
  return didYouMean(
    bare(typed),
    known.map(({ name }) => name),
    '',
  )
}

/** `EmbedLinks` is Embed Links in Discord's settings. */
function spaced(name: string): string {
  return name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
}
