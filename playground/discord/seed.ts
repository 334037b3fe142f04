import type { Role as HelixRole } from '#src/kernel/command.ts'
import type { Account, Channel, Member, Role, User } from './model.ts'
import { bits, permission } from './permissions.ts'

const guild = '1100000000000000100'
const application = '1100000000000000500'
/** #alerts: where Discord, and Helix before anybody set a route, tell what concerns all. */
const alerts = '1100000000000000303'

/** Discord's ids of the roles that stand for Helix's. */
const roleIds = {
  viewer: '1100000000000000201',
  operator: '1100000000000000202',
  deployer: '1100000000000000203',
  admin: '1100000000000000204',
} as const satisfies Record<HelixRole, string>
const botRole = '1100000000000000205'

const people = [
  { name: 'playground-admin', id: '1100000000000000401', shown: 'Ada (admin)', role: 'admin' },
  { name: 'playground-deployer', id: '1100000000000000402', shown: 'Dana (deployer)', role: 'deployer' },
  { name: 'playground-operator', id: '1100000000000000403', shown: 'Omar (operator)', role: 'operator' },
  { name: 'playground-viewer', id: '1100000000000000404', shown: 'Vera (viewer)', role: 'viewer' },
  { name: 'playground-stranger', id: '1100000000000000405', shown: 'Sam (no role)', role: undefined },
] as const

/** Made of three parts as a real one, and plainly none. */
const botToken = `${Buffer.from(application).toString('base64url')}.playgr.emulated-discord-token-no-secret`

export interface LaunchValues {
  readonly botToken: string
  readonly applicationId: string
  readonly guildId: string
  /** Discord's role id by Helix role. */
  readonly roles: Readonly<Record<HelixRole, string>>
}

/** What the bot must be started with to be at home in the playground. */
export function launchValues(): LaunchValues {
  return { botToken, applicationId: application, guildId: guild, roles: roleIds }
}

export interface Seed {
  readonly guild: { readonly id: string; readonly name: string; readonly owner_id: string; readonly system_channel_id: string }
  readonly application: { readonly id: string; readonly name: string; readonly description: string }
  readonly roles: readonly Role[]
  readonly channels: readonly Channel[]
  readonly members: readonly Member[]
  readonly accounts: readonly Account[]
}

/** Where five members are too few. They may look and speak, as viewers. */
function guestNumbered(index: number) {
  return {
    name: `playground-guest-${index + 1}`,
    id: `${1100000000000000410n + BigInt(index)}`,
    shown: `Guest ${index + 1}`,
    role: 'viewer',
  } as const
}

/** The server "Helix Playground" as it is before anything happened. At most 80 guests. */
export function createSeed(guests = 0): Seed {
  const everybody = [...people, ...Array.from({ length: guests }, (_, index) => guestNumbered(index))]
  return {
    guild: { id: guild, name: 'Helix Playground', owner_id: people[0].id, system_channel_id: alerts },
    application: { id: application, name: 'Helix', description: 'ChatOps for Railway, in the playground.' },
    roles: seedRoles(),
    channels: [
      channel('1100000000000000301', 'general', 0, 0, 'Say /help to see what Helix can do.'),
      channel('1100000000000000302', 'ops', 0, 1, 'Changes to the project, and who made them.'),
      channel(alerts, 'alerts', 0, 2, 'What broke, since when, and what to do.'),
      channel('1100000000000000304', 'Bridge', 2, 3),
      channel('1100000000000000305', 'War room', 2, 4),
    ],
    members: [
      ...everybody.map(({ id, name, shown, role }) => member(user(id, name, shown), role ? [roleIds[role]] : [])),
      member({ ...user(application, 'Helix', null), bot: true, discriminator: '0001' }, [botRole]),
    ],
    accounts: [
      ...everybody.map(({ id, name }): Account => ({ id, token: name, kind: 'user' })),
      { id: application, token: botToken, kind: 'bot' },
    ],
  }
}

function seedRoles(): Role[] {
  const everyone = bits(
    ...(['VIEW_CHANNEL', 'SEND_MESSAGES', 'EMBED_LINKS', 'ATTACH_FILES', 'READ_MESSAGE_HISTORY', 'ADD_REACTIONS'] as const),
    ...(['USE_APPLICATION_COMMANDS', 'CREATE_PUBLIC_THREADS', 'SEND_MESSAGES_IN_THREADS', 'CONNECT', 'SPEAK', 'USE_VAD'] as const),
  )
  // What Helix's invite link asks for, and PIN_MESSAGES.
  const bot = 309_240_908_800n | permission.PIN_MESSAGES
  return [
    role(guild, '@everyone', everyone, 0, 0),
    role(roleIds.viewer, 'Viewer', 0n, 1, 0x95a5a6),
    role(roleIds.operator, 'Operator', 0n, 2, 0x3498db),
    role(roleIds.deployer, 'Deployer', 0n, 3, 0x2ecc71),
    { ...role(botRole, 'Helix', bot, 4, 0), managed: true, tags: { bot_id: application } },
    role(roleIds.admin, 'Admin', permission.ADMINISTRATOR, 5, 0xe67e22),
  ]
}

function role(id: string, name: string, permissions: bigint, position: number, color: number): Role {
  return { id, name, permissions: permissions.toString(), position, color, managed: false, mentionable: position > 0 }
}

function user(id: string, username: string, shown: string | null): User {
  return { id, username, global_name: shown, avatar: null, discriminator: '0', public_flags: 0, flags: 0, primary_guild: null }
}

function member(of: User, roles: readonly string[]): Member {
  return { user: of, roles, joined_at: '2026-01-01T00:00:00.000000+00:00' }
}

function channel(id: string, name: string, type: number, position: number, topic: string | null = null): Channel {
  const own = type === 2 ? { bitrate: 64000, user_limit: 0, rtc_region: null } : { topic, default_auto_archive_duration: 1440 }
  return {
    id,
    type,
    guild_id: guild,
    name,
    flags: 0,
    position,
    parent_id: null,
    nsfw: false,
    rate_limit_per_user: 0,
    permission_overwrites: [],
    last_message_id: null,
    ...own,
  }
}
