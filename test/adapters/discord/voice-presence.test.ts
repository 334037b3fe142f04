import { expect, test } from 'vitest'
import { createVoicePresence } from '#src/adapters/discord/voice-presence.ts'
import type { VoiceChange } from '#src/adapters/voice/voice-gateway.ts'

const guild = '11'
const [helix, ada, music] = ['1', '2', '3']

function watching() {
  const presence = createVoicePresence({ self: () => helix })
  const changes: VoiceChange[] = []
  const stop = presence.watch(guild, (change) => changes.push(change))
  const created = (voice_states: readonly object[], members: readonly object[] = []) =>
    presence.guildCreated({ id: guild, voice_states, members } as never)
  const state = (user_id: string, channel_id: string | null, bot = false) =>
    presence.stateUpdated({ guild_id: guild, user_id, channel_id, member: { user: { id: user_id, bot } } } as never)
  return { presence, changes, stop, created, state }
}

test('who was in a channel before Helix came to know the guild is there, without bots', () => {
  const { presence, created, changes } = watching()
  created(
    [ada, music, helix].map((user_id) => ({ user_id, channel_id: '7' })),
    [{ user: { id: music, bot: true } }],
  )
  expect(presence.membersIn(guild, '7')).toEqual([ada])
  expect(changes).toEqual([
    { kind: 'member', user: ada, from: undefined, to: '7' },
    { kind: 'self', channel: '7' },
  ])
})

test('who comes, goes elsewhere and leaves is told; a bot never is, and neither is a mute', () => {
  const { presence, created, state, changes } = watching()
  created([])
  state(ada, '7')
  state(ada, '7')
  state(ada, '8')
  state(music, '8', true)
  state(ada, null)
  state(music, null)
  expect(changes).toEqual([
    { kind: 'member', user: ada, from: undefined, to: '7' },
    { kind: 'member', user: ada, from: '7', to: '8' },
    { kind: 'member', user: ada, from: '8', to: undefined },
  ])
  expect(presence.membersIn(guild, '8')).toEqual([])
})

test('a session that begins anew tells who left meanwhile', () => {
  const { created, state, changes } = watching()
  created([])
  state(ada, '7')
  created([])
  expect(changes.at(-1)).toEqual({ kind: 'member', user: ada, from: '7', to: undefined })
})

test('Helix itself, a channel and a guild that go; an outage of Discord is no going', () => {
  const { presence, created, state, changes, stop } = watching()
  created([])
  state(helix, '7')
  state(helix, null)
  presence.channelDeleted({ id: '7', guild_id: guild } as never)
  presence.guildDeleted({ id: guild, unavailable: true })
  presence.guildDeleted({ id: guild } as never)
  expect(changes).toEqual([
    { kind: 'self', channel: '7' },
    { kind: 'self', channel: undefined },
    { kind: 'channel deleted', channel: '7' },
    { kind: 'self', channel: undefined },
  ])
  stop()
  created([{ user_id: ada, channel_id: '7' }])
  expect(changes).toHaveLength(4)
})
