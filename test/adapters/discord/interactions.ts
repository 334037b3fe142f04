import { bot, guild } from './wire.ts'

export const application = '600000000000000001'
export const channel = '500000000000000001'
export const token = 'an-interaction-token'
const id = '1200000000000000001'
const user = { id: '700000000000000001', username: 'sam', global_name: 'Sam', discriminator: '0', avatar: null }
const member = {
  user,
  nick: null,
  roles: ['300000000000000001'],
  permissions: '2048',
  joined_at: new Date(0).toISOString(),
  deaf: false,
  mute: false,
  flags: 0,
}

/** An INTERACTION_CREATE of each kind, as the gateway sends it. */
const base = {
  id,
  application_id: application,
  token,
  version: 1,
  guild_id: guild.id,
  channel_id: channel,
  channel: { id: channel, type: 0 },
  member,
  locale: 'en-US',
  app_permissions: '0',
  entitlements: [],
  authorizing_integration_owners: { 0: guild.id },
  context: 0,
  attachment_size_limit: 10_485_760,
}

export const message = { id: '400000000000000001', channel_id: channel }

export function slash(name: string, options: readonly object[] = [], more: object = {}) {
  return { ...base, type: 2, data: { id: '2', name, type: 1, options }, ...more }
}

export function button(customId: string) {
  const pressed = {
    ...message,
    type: 0,
    author: bot,
    content: '',
    embeds: [],
    components: [],
    attachments: [],
    mentions: [],
    mention_roles: [],
    timestamp: new Date(0).toISOString(),
  }
  return { ...base, type: 3, data: { component_type: 2, custom_id: customId, id: 1 }, message: pressed }
}

export function typing(name: string, options: readonly object[]) {
  return { ...base, type: 4, data: { id: '2', name, type: 1, options } }
}

export const byOwner = { member: { ...member, user: { ...user, id: guild.owner_id } } }
export const byAdministrator = { member: { ...member, nick: 'The boss', permissions: '2056' } }
