import type { Channel, Member, Role } from './model.ts'
import { permissionsOf } from './permissions.ts'
import type { World } from './world.ts'

/** Discord's objects as its API description wants them: what the playground does not look into is filled in here. */
export function roleShape(role: Role): object {
  return {
    ...role,
    colors: { primary_color: role.color, secondary_color: null, tertiary_color: null },
    hoist: role.position > 0,
    icon: null,
    unicode_emoji: null,
    flags: 0,
  }
}

export function memberShape(member: Member): object {
  return { ...bareMember(member), user: member.user }
}

/** A member without its user, as messages carry it. */
export function bareMember({ roles, joined_at }: Member): object {
  return {
    roles,
    joined_at,
    avatar: null,
    banner: null,
    communication_disabled_until: null,
    flags: 0,
    nick: null,
    pending: false,
    premium_since: null,
    mute: false,
    deaf: false,
  }
}

/** The guild as `GET /guilds/{id}` gives it. */
export function guildShape({ guild, roles }: World): object {
  return {
    ...guildSettings,
    ...guild,
    roles: [...roles.values()].map(roleShape),
    emojis: [],
    stickers: [],
    features: [],
  }
}

/** The guild as GUILD_CREATE gives it, to one who may see these channels. */
export function guildCreate(world: World, viewer: Member, members: readonly Member[]): object {
  const seen = [...world.channels.values()].filter((channel) => canSee(world, viewer, channel))
  return {
    ...guildShape(world),
    joined_at: viewer.joined_at,
    large: false,
    unavailable: false,
    member_count: world.members.size,
    members: members.map(memberShape),
    channels: seen.filter(({ thread_metadata }) => !thread_metadata),
    threads: seen.filter(({ thread_metadata }) => thread_metadata && !thread_metadata.archived),
    voice_states: [...world.voice.values()].map((state) => voiceShape(state, world)),
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  }
}

export function voiceShape(state: World['voice'] extends Map<string, infer State> ? State : never, { guild, members }: World): object {
  const member = members.get(state.user_id)
  return {
    ...state,
    guild_id: guild.id,
    ...(member ? { member: memberShape(member) } : {}),
    deaf: false,
    mute: false,
    self_video: false,
    suppress: false,
    request_to_speak_timestamp: null,
  }
}

export function applicationShape({ application, members }: World): object {
  const bot = members.get(application.id)?.user
  const owner = [...members.values()][0]?.user
  return {
    ...application,
    icon: null,
    type: null,
    bot,
    bot_public: true,
    bot_require_code_grant: false,
    verify_key: '0'.repeat(64),
    flags: 0,
    flags_new: '0',
    redirect_uris: [],
    interactions_endpoint_url: null,
    role_connections_verification_url: null,
    owner,
    approximate_guild_count: 1,
    approximate_user_install_count: 0,
    approximate_user_authorization_count: 0,
    explicit_content_filter: 0,
    team: null,
    eligible_oauth2_scopes: ['bot', 'applications.commands'],
  }
}

export function canSee(world: World, member: Member, channel: Channel): boolean {
  return permissionsOf(member, world, channel) !== 0n
}

const guildSettings = {
  icon: null,
  description: null,
  home_header: null,
  splash: null,
  discovery_splash: null,
  banner: null,
  application_id: null,
  region: 'deprecated',
  afk_channel_id: null,
  afk_timeout: 300,
  system_channel_id: null,
  system_channel_flags: 0,
  widget_enabled: false,
  widget_channel_id: null,
  verification_level: 1,
  default_message_notifications: 1,
  mfa_level: 0,
  explicit_content_filter: 0,
  max_presences: null,
  max_members: 500_000,
  max_stage_video_channel_users: 50,
  max_video_channel_users: 25,
  vanity_url_code: null,
  premium_tier: 0,
  premium_subscription_count: 0,
  preferred_locale: 'en-US',
  rules_channel_id: null,
  safety_alerts_channel_id: null,
  public_updates_channel_id: null,
  premium_progress_bar_enabled: false,
  nsfw: false,
  nsfw_level: 0,
  incidents_data: null,
}
