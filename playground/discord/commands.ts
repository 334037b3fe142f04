import { isDeepStrictEqual } from 'node:util'
import { filled } from './components.ts'
import type { Command, Member } from './model.ts'
import { permission, permissionsOf } from './permissions.ts'
import { Refused } from './refusals.ts'
import type { CommandForm } from './schemas/command.ts'
import type { World } from './world.ts'

/** Registered application commands, of a guild or (undefined) global. */
export interface Commands {
  list(guild: string | undefined): readonly Command[]
  /** Refuses 10063. */
  get(guild: string | undefined, id: string): Command
  /** By name and type: a new one, or in place of the one there is. Refuses 30032, 30034. */
  upsert(guild: string | undefined, form: CommandForm): { readonly command: Command; readonly created: boolean }
  patch(guild: string | undefined, id: string, form: CommandForm): Command
  remove(guild: string | undefined, id: string): void
  /** Replaces all. Refuses 30032, 30034. */
  replace(guild: string | undefined, forms: readonly CommandForm[]): readonly Command[]
  /** Those a member may run, their own permissions at Discord considered. */
  open(member: Member): readonly Command[]
}

/** https://docs.discord.com/developers/interactions/application-commands#registering-a-command */
const limits: Readonly<Record<number, number>> = { 1: 100, 2: 15, 3: 15 }
const createsPerDay = 200
const day = 86_400_000

export function createCommands(world: World): Commands {
  const created: number[] = []

  const list = (guild: string | undefined) => [...world.commands.values()].filter((command) => command.guild_id === guild)
  const countCreates = (count: number) => {
    const now = world.clock.now().getTime()
    while (created.length > 0 && (created[0] ?? 0) <= now - day) created.shift()
    if (created.length + count > createsPerDay) {
      throw new Refused('dailyCreates', { retryAfter: Math.ceil(((created[0] ?? now) + day - now) / 1000) })
    }
    for (let each = 0; each < count; each++) created.push(now)
  }
  const refuseTooMany = (all: readonly { readonly type: number }[]) => {
    for (const [type, limit] of Object.entries(limits)) {
      if (all.filter((command) => command.type === Number(type)).length > limit) throw new Refused('commandsFull')
    }
  }
  const twin = (guild: string | undefined, form: CommandForm) =>
    list(guild).find(({ name, type }) => name === form.name && type === form.type)
  const shape = (guild: string | undefined, form: CommandForm, before: Command | undefined): Command => {
    const { default_member_permissions, contexts, integration_types, dm_permission, id: _, ...own } = form
    const next: Command = {
      id: before?.id ?? world.ids.next(),
      application_id: world.application.id,
      version: before?.version ?? world.ids.next(),
      default_member_permissions: default_member_permissions ?? null,
      ...(guild ? { guild_id: guild } : { contexts: contexts ?? null, dm_permission: dm_permission ?? true }),
      integration_types: integration_types ?? [0],
      nsfw: false,
      ...(filled(own) as Pick<Command, 'type' | 'name'>),
      description: form.description ?? '',
    }
    return before && !isDeepStrictEqual(before, next) ? { ...next, version: world.ids.next() } : next
  }
  const put = (command: Command) => {
    world.commands.set(command.id, command)
    world.changed()
    return command
  }
  const get = (guild: string | undefined, id: string) => {
    const found = world.commands.get(id)
    if (!found || found.guild_id !== guild) throw new Refused('unknownCommand')
    return found
  }

  return {
    list,
    get,
    upsert: (guild, form) => {
      const before = twin(guild, form)
      if (!before) {
        refuseTooMany([...list(guild), form])
        countCreates(1)
      }
      return { command: put(shape(guild, form, before)), created: !before }
    },
    patch: (guild, id, form) => put(shape(guild, form, get(guild, id))),
    remove: (guild, id) => {
      world.commands.delete(get(guild, id).id)
      world.changed()
    },
    replace: (guild, forms) => {
      refuseTooMany(forms)
      const known = new Set(list(guild).map(({ id }) => id))
      const befores = forms.map((form) => (form.id && known.has(form.id) ? world.commands.get(form.id) : twin(guild, form)))
      countCreates(befores.filter((before) => !before).length)
      const next = forms.map((form, index) => shape(guild, form, befores[index]))
      for (const id of known) world.commands.delete(id)
      return next.map(put)
    },
    open: (member) => {
      const mine = permissionsOf(member, world)
      if (!(mine & permission.USE_APPLICATION_COMMANDS)) return []
      return [...list(world.guild.id), ...list(undefined)].filter(({ default_member_permissions: needed }) => {
        if (needed === null) return true
        // "0": administrators alone, until a server's settings say otherwise.
        return needed === '0' ? Boolean(mine & permission.ADMINISTRATOR) : (mine & BigInt(needed)) === BigInt(needed)
      })
    },
  }
}
