import type { Channel, Member, Overwrite, Role } from './model.ts'

/** https://docs.discord.com/developers/topics/permissions */
export const permission = {
  CREATE_INSTANT_INVITE: 1n << 0n,
  ADMINISTRATOR: 1n << 3n,
  MANAGE_CHANNELS: 1n << 4n,
  MANAGE_GUILD: 1n << 5n,
  ADD_REACTIONS: 1n << 6n,
  VIEW_AUDIT_LOG: 1n << 7n,
  VIEW_CHANNEL: 1n << 10n,
  SEND_MESSAGES: 1n << 11n,
  MANAGE_MESSAGES: 1n << 13n,
  EMBED_LINKS: 1n << 14n,
  ATTACH_FILES: 1n << 15n,
  READ_MESSAGE_HISTORY: 1n << 16n,
  MENTION_EVERYONE: 1n << 17n,
  USE_EXTERNAL_EMOJIS: 1n << 18n,
  CONNECT: 1n << 20n,
  SPEAK: 1n << 21n,
  MOVE_MEMBERS: 1n << 24n,
  USE_VAD: 1n << 25n,
  CHANGE_NICKNAME: 1n << 26n,
  MANAGE_ROLES: 1n << 28n,
  USE_APPLICATION_COMMANDS: 1n << 31n,
  MANAGE_THREADS: 1n << 34n,
  CREATE_PUBLIC_THREADS: 1n << 35n,
  SEND_MESSAGES_IN_THREADS: 1n << 38n,
  PIN_MESSAGES: 1n << 51n,
} as const

export type PermissionName = keyof typeof permission

export const permissionNames = Object.keys(permission) as [PermissionName, ...PermissionName[]]

/** All that this file knows, and every other bit below 53. */
const everything = (1n << 53n) - 1n

export function bits(...names: readonly PermissionName[]): bigint {
  return names.reduce((sum, name) => sum | permission[name], 0n)
}

interface Setting {
  readonly guild: { readonly id: string; readonly owner_id: string }
  readonly roles: ReadonlyMap<string, Role>
  readonly channels: ReadonlyMap<string, Channel>
}

/** A member's permissions in the guild, or in a channel of it (a thread inherits from its parent). */
export function permissionsOf(member: Member, { guild, roles, channels }: Setting, channel?: Channel): bigint {
  if (guild.owner_id === member.user.id) return everything
  const own = [guild.id, ...member.roles].flatMap((id) => roles.get(id) ?? [])
  const base = own.reduce((sum, role) => sum | BigInt(role.permissions), 0n)
  if (base & permission.ADMINISTRATOR) return everything
  const place = channel && isThread(channel) ? channels.get(channel.parent_id ?? '') : channel
  const overwrites = place?.permission_overwrites ?? []
  const everyone = apply(
    base,
    overwrites.filter(({ id }) => id === guild.id),
  )
  const byRole = apply(
    everyone,
    overwrites.filter(({ type, id }) => type === 0 && member.roles.includes(id)),
  )
  const found = apply(
    byRole,
    overwrites.filter(({ type, id }) => type === 1 && id === member.user.id),
  )
  return channel ? implied(found) : found
}

export function isThread(channel: Channel): boolean {
  return channel.type === 11 || channel.type === 12
}

function apply(base: bigint, overwrites: readonly Overwrite[]): bigint {
  const denied = overwrites.reduce((sum, { deny }) => sum | BigInt(deny), 0n)
  const allowed = overwrites.reduce((sum, { allow }) => sum | BigInt(allow), 0n)
  return (base & ~denied) | allowed
}

/** What lacks its ground falls with it: nothing without VIEW_CHANNEL, no embeds, files and mentions without SEND_MESSAGES. */
function implied(found: bigint): bigint {
  if (!(found & permission.VIEW_CHANNEL)) return 0n
  if (found & (permission.SEND_MESSAGES | permission.SEND_MESSAGES_IN_THREADS)) return found
  return found & ~bits('MENTION_EVERYONE', 'EMBED_LINKS', 'ATTACH_FILES')
}
