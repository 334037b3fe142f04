import type { Interaction } from './interactions.ts'
import type { Channel, Member, StoredMessage } from './model.ts'
import { permissionsOf } from './permissions.ts'
import { present } from './present.ts'
import { memberShape } from './shapes.ts'
import { sizeLimits } from './uploads.ts'
import type { World } from './world.ts'

/** INTERACTION_CREATE as the bot gets it, with everything that discord.js reads from it. */
export function interactionPayload(
  { id, type, token }: Interaction,
  data: object,
  { member, channel, message }: { readonly member: Member; readonly channel: Channel; readonly message?: StoredMessage | undefined },
  world: World,
): object {
  const bot = world.members.get(world.application.id)
  const mine = permissionsOf(member, world, channel).toString()
  return {
    id,
    application_id: world.application.id,
    type,
    data,
    token,
    version: 1,
    guild_id: world.guild.id,
    guild: { id: world.guild.id, locale: 'en-US', features: [] },
    channel_id: channel.id,
    channel: { ...channel, permissions: mine },
    member: { ...memberShape(member), permissions: mine },
    app_permissions: bot ? permissionsOf(bot, world, channel).toString() : '0',
    locale: 'en-US',
    guild_locale: 'en-US',
    entitlements: [],
    entitlement_sku_ids: [],
    authorizing_integration_owners: { '0': world.guild.id },
    context: 0,
    attachment_size_limit: sizeLimits.file,
    ...(message ? { message: present(message.message, world) } : {}),
  }
}
