import type { World } from './world.ts'

/** Discord's part of `GET /playground/state`: names and ids for scripts, and each account's token, which is its name. Never the bot's. */
export function discordState(world: World, unserved: ReadonlySet<string>): Readonly<Record<string, unknown>> {
  const { guild, application, roles, members, channels, commands, accounts } = world
  const people = accounts.filter(({ kind }) => kind === 'user')
  return {
    guild: { id: guild.id, name: guild.name, owner: guild.owner_id },
    application: { id: application.id, name: application.name },
    channels: [...channels.values()].map(({ id, name, type, topic, parent_id }) => ({
      id,
      name,
      type,
      topic: topic ?? null,
      parent: parent_id,
    })),
    roles: [...roles.values()].map(({ id, name }) => ({ id, name })),
    commands: [...commands.values()].map(({ id, version, name, type, description, guild_id, options = [] }) => ({
      id,
      version,
      name,
      type,
      description,
      guild: guild_id ?? null,
      options,
    })),
    accounts: people.map(({ id, token }) => {
      const names = (members.get(id)?.roles ?? []).flatMap((role) => roles.get(role)?.name ?? [])
      return { id, name: token, token, role: names[0]?.toLowerCase() ?? null, roles: names }
    }),
    /** Routes that were asked for and are not emulated: a test fails on them. */
    unserved: [...unserved],
  }
}
