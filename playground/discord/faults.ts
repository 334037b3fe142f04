import { z } from 'zod'
import type { Fault } from '#playground/emulator.ts'
import type { Events } from './gateway/events.ts'
import { intent } from './gateway/intents.ts'
import type { Session, Sessions } from './gateway/sessions.ts'
import type { Channel } from './model.ts'
import { permission, permissionNames } from './permissions.ts'
import type { Troubles } from './rest/troubles.ts'
import type { World } from './world.ts'

interface Deps {
  readonly world: World
  readonly sessions: Sessions
  readonly events: Events
  readonly troubles: Troubles
}

const callback = '/interactions/*/*/callback'
const route = z.string().describe('A path below /api/v10; * stands for one part, ** for any number')
const times = z.int().min(1).default(1).describe('For how many requests')
const method = z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).optional()
const channel = z.string().describe('Name or id of the channel')

/** What can be made to go wrong at Discord. */
export function createFaults({ world, sessions, events, troubles }: Deps): Readonly<Record<string, Fault>> {
  const undo = new Set<() => void>()
  const bots = () => sessions.all().filter(({ account, line }) => account.kind === 'bot' && line)
  const toBots = (act: (session: Session) => void) => {
    const all = bots()
    all.forEach(act)
    return { sessions: all.length }
  }
  const find = (name: string): Channel => {
    const found = [...world.channels.values()].find((each) => each.id === name || each.name === name)
    if (!found) throw new Error(`There is no channel ${name}.`)
    return found
  }
  const put = (place: Channel, event: string) => {
    world.channels.set(place.id, place)
    events.inChannel(event, place, place, intent.guilds)
    world.changed()
  }

  return {
    'drop-gateway': fault(
      "Cut the bot's gateway connection (with a close code, or without a word)",
      z.object({ code: z.int().min(1000).max(4999).optional().describe('Close code; left out, the connection breaks') }),
      ({ code }) => toBots(({ line }) => line?.close(code ?? 'cut', 'Injected by the playground')),
    ),
    'silence-gateway': fault('Stop answering on the gateway without closing it (a zombie)', z.object({}), () => {
      const done = toBots(({ line }) => {
        line?.mute(true)
        undo.add(() => line?.mute(false))
      })
      return done
    }),
    reconnect: fault('Tell the bot to reconnect and resume (op 7)', z.object({}), () => toBots(({ line }) => line?.say(7, null))),
    'invalid-session': fault(
      "Declare the bot's session invalid (op 9)",
      z.object({ resumable: z.boolean().default(false) }),
      ({ resumable }) =>
        toBots((session) => {
          if (!resumable) sessions.end(session)
          session.line?.say(9, resumable)
        }),
    ),
    delay: fault(
      'Answer slowly: before acting (an acknowledgement that comes too late), or after',
      z.object({
        route: route.default(callback),
        method,
        ms: z.int().min(1).max(60_000).default(3500),
        times,
        when: z.enum(['before', 'after']).default('before'),
      }),
      ({ route: path, method: verb, times: count, ms, when }) =>
        troubles.add({ route: path, method: verb, times: count, does: { kind: 'delay', ms, when } }),
    ),
    refuse: fault(
      'Refuse the next requests with 429 or 5xx',
      z.object({
        route: route.default('**'),
        method,
        status: z.int().min(400).max(599).default(503),
        times,
        retryAfter: z.number().min(0.1).max(600).default(1),
      }),
      ({ route: path, method: verb, times: count, status, retryAfter }) =>
        troubles.add({ route: path, method: verb, times: count, does: { kind: 'refuse', status, retryAfter } }),
    ),
    'commit-then-timeout': fault(
      'Do what is asked, but never answer',
      z.object({ route: route.default('/channels/*/messages'), method, times, ending: z.enum(['hang', 'cut']).default('hang') }),
      ({ route: path, method: verb, times: count, ending }) =>
        troubles.add({ route: path, method: verb, times: count, does: { kind: 'lose', ending } }),
    ),
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
    'age-message': fault(
      'Make a message older, so that Discord limits its edits (30046) after an hour',
      z.object({ message: z.string().describe('Id of the message'), minutes: z.int().min(1).default(61) }),
      ({ message, minutes }) => {
        const stored = [...world.messages.values()].map((all) => all.get(message)).find((each) => each !== undefined)
        if (!stored) throw new Error(`There is no message ${message}.`)
        stored.bornAt -= minutes * 60_000
        stored.message = { ...stored.message, timestamp: new Date(stored.bornAt).toISOString() }
        world.changed()
      },
    ),
    clear: fault('End all of these faults', z.object({}), () => {
      troubles.clear()
      for (const act of undo) act()
      undo.clear()
    }),
  }
}

function fault<Body>(describe: string, schema: z.ZodType<Body>, act: (body: Body) => unknown): Fault {
  return { describe, schema: schema as z.ZodType<unknown>, inject: async (body) => act(schema.parse(body)) ?? {} }
}
