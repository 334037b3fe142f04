import { describe, expect, test } from 'vitest'
import { emptyFeed, extendFeed, refreshFeed } from '#playground/page/session/feed.ts'
import { applyEvent, freshState, type Pending, type SessionState, staleFeeds } from '#playground/page/session/session-state.ts'
import type { Message } from '#playground/page/wire.ts'

const message = (id: string, more: Partial<Message> = {}): Message => ({
  id,
  channel_id: 'c',
  author: { id: '9', username: 'Helix' },
  content: `text ${id}`,
  timestamp: '2026-01-01T00:00:00Z',
  embeds: [],
  attachments: [],
  ...more,
})
const ids = (state: SessionState) => state.feeds.c?.messages.map(({ id }) => id)
const sent = (more: Partial<Pending> = {}): SessionState => ({
  ...freshState,
  pending: [{ nonce: '7', channel: 'c', title: '/deploy', ...more }],
})

describe('the log follows the gateway', () => {
  test('messages stand in the order of their ids, each once, whatever the order in which they come', () => {
    const state = ['20', '3', '100', '20'].reduce((before, id) => applyEvent(before, 'MESSAGE_CREATE', message(id)), freshState)
    expect(ids(state)).toEqual(['3', '20', '100'])
  })

  test('an edit changes what it names and nothing else; one of an unknown message is left alone', () => {
    const before = applyEvent(freshState, 'MESSAGE_CREATE', message('1', { flags: 128 }))
    const after = applyEvent(before, 'MESSAGE_UPDATE', { id: '1', channel_id: 'c', flags: 0, edited_timestamp: 'now' })
    expect(after.feeds.c?.messages[0]).toMatchObject({ content: 'text 1', flags: 0, edited_timestamp: 'now' })
    expect(ids(applyEvent(after, 'MESSAGE_UPDATE', { id: '2', channel_id: 'c', content: 'x' }))).toEqual(['1'])
  })

  test('a deleted message goes', () => {
    const before = applyEvent(freshState, 'MESSAGE_CREATE', message('1'))
    expect(ids(applyEvent(before, 'MESSAGE_DELETE', { id: '1', channel_id: 'c' }))).toEqual([])
  })

  test('an unknown event changes nothing', () => {
    expect(applyEvent(freshState, 'PRESENCE_UPDATE', {})).toBe(freshState)
  })
})

describe('after a session that could not be resumed', () => {
  test('what was deleted meanwhile goes, and ephemeral messages stay', () => {
    const held = { ...emptyFeed, messages: [message('1'), message('2', { flags: 64 })], fresh: true }
    const stale = staleFeeds({ ...freshState, feeds: { c: held } }).feeds.c!
    expect(stale.fresh).toBe(false)
    expect(refreshFeed(stale, [message('3')], 50)).toMatchObject({ fresh: true, more: false, messages: [{ id: '2' }, { id: '3' }] })
  })

  test('older pages are put before, until one is not full', () => {
    const first = refreshFeed(emptyFeed, [message('4'), message('3')], 2)
    expect(first.more).toBe(true)
    expect(extendFeed(first, [message('2')], 2)).toMatchObject({ more: false, messages: [{ id: '2' }, { id: '3' }, { id: '4' }] })
  })
})

describe('an interaction', () => {
  test('is settled by its message, by a success, or by a modal', () => {
    expect(applyEvent(sent(), 'MESSAGE_CREATE', message('1', { nonce: '7' })).pending).toEqual([])
    expect(applyEvent(sent(), 'INTERACTION_SUCCESS', { id: '1', nonce: '7' }).pending).toEqual([])
    const opened = applyEvent(sent(), 'INTERACTION_MODAL_CREATE', { id: '1', nonce: '7', custom_id: 'm', title: 'T', components: [] })
    expect(opened).toMatchObject({ pending: [], modal: { id: '1', channel_id: 'c' } })
  })

  test('that failed says so: at the button, or in place of the answer', () => {
    const command = applyEvent(sent(), 'INTERACTION_FAILURE', { id: '1', nonce: '7', reason_code: 2 })
    expect(command.pending[0]?.failure).toBe('The application did not respond')
    const button = applyEvent(sent({ on: { message: '1', customId: 'b' } }), 'INTERACTION_FAILURE', { id: '1', nonce: '7', reason_code: 2 })
    expect(button.pending[0]?.failure).toBe('This interaction failed')
  })

  test("of another session's leaves ours as it is", () => {
    expect(applyEvent(sent(), 'INTERACTION_FAILURE', { id: '1', nonce: '8' }).pending[0]?.failure).toBeUndefined()
    expect(applyEvent(sent(), 'INTERACTION_SUCCESS', { id: '1', nonce: '8' }).pending).toHaveLength(1)
  })
})

describe('who is in a voice channel', () => {
  const came = (user_id: string, channel_id: string | null, self_mute = false) => ({ user_id, channel_id, self_mute })
  const apply = (states: readonly object[]) =>
    states.reduce<SessionState>((before, data) => applyEvent(before, 'VOICE_STATE_UPDATE', data), freshState).voice

  test('is known from the beginning, and follows those who come, move, mute and go', () => {
    const ready = applyEvent(freshState, 'READY', { guilds: [{ voice_states: [came('1', 'a'), came('2', null)] }] })
    expect(ready.voice).toEqual([{ user: '1', channel: 'a', muted: false }])
    expect(apply([came('1', 'a'), came('2', 'a'), came('1', 'a', true), came('2', 'b'), came('1', null)])).toEqual([
      { user: '2', channel: 'b', muted: false },
    ])
    expect(apply([came('1', 'a'), came('2', 'a'), came('1', 'a', true)]).map(({ user }) => user)).toEqual(['1', '2'])
  })
})
