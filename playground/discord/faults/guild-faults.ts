import { z } from 'zod'
import type { Events } from '../gateway/events.ts'
import { intent } from '../gateway/intents.ts'
import type { Channel } from '../model.ts'
import { permission, permissionNames } from '../permissions.ts'
import type { World } from '../world.ts'
import type { Faults, Undo } from './fault.ts'
import { fault, notThere } from './fault.ts'

const channel = z.string().describe('Name or id of the channel')

/** What somebody with the power to does to the guild while the bot works there. */
export function guildFaults(world: World, events: Events, undo: Undo): Faults {
  const find = (name: string): Channel => {
    const found = [...world.channels.values()].find((each) => each.id === name || each.name === name)
    if (!found) throw notThere(`There is no channel ${name}.`)
    return found
  }
  const put = (place: Channel, event: string) => {
    world.channels.set(place.id, place)
    events.inChannel(event, place, place, intent.guilds)
    world.changed()
  }
  return {
    'revoke-permission': fault(
      'Take a permission from the bot in a channel',
      z.object({ channel, permission: z.enum(permissionNames).default('SEND_MESSAGES') }),
      ({ channel: name, permission: revoked }) => {
        const before = find(name)
        const others = before.permission_overwrites ?? []
        const mine = others.find(({ id }) => id === world.application.id)
        const deny = (BigInt(mine?.deny ?? 0) | permission[revoked]).toString()
        const overwrite = { id: world.application.id, type: 1 as const, allow: mine?.allow ?? '0', deny }
        put({ ...before, permission_overwrites: [...others.filter((each) => each !== mine), overwrite] }, 'CHANNEL_UPDATE')
        undo.add(() => {
          const now = world.channels.get(before.id)
          if (now) put({ ...now, permission_overwrites: others }, 'CHANNEL_UPDATE')
        })
      },
    ),
    'delete-channel': fault('Delete a channel (clear brings it back, without its messages)', z.object({ channel }), ({ channel: name }) => {
      const gone = find(name)
      events.inChannel('CHANNEL_DELETE', gone, gone, intent.guilds)
      world.channels.delete(gone.id)
      world.messages.delete(gone.id)
      world.changed()
      undo.add(() => put(gone, 'CHANNEL_CREATE'))
    }),
    'archive-thread': fault(
      'Archive a thread, or lock it: a moderator did, or nobody wrote for a day',
      z.object({ thread: z.string().describe('Name or id of the thread'), locked: z.boolean().default(false) }),
      ({ thread: name, locked }) => {
        const before = find(name)
        if (!before.thread_metadata) throw notThere(`${before.name} is no thread.`)
        put({ ...before, thread_metadata: { ...before.thread_metadata, archived: !locked, locked } }, 'THREAD_UPDATE')
      },
    ),
    'age-message': fault(
      'Make a message older, so that Discord limits its edits (30046) after an hour',
      z.object({ message: z.string().describe('Id of the message'), minutes: z.int().min(1).default(61) }),
      ({ message, minutes }) => {
        const stored = [...world.messages.values()].map((all) => all.get(message)).find((each) => each !== undefined)
        if (!stored) throw notThere(`There is no message ${message}.`)
        stored.bornAt -= minutes * 60_000
        stored.message = { ...stored.message, timestamp: new Date(stored.bornAt).toISOString() }
        world.changed()
      },
    ),
  }
}
