import type { APIInteraction } from 'discord.js'
import { describe, expect, test } from 'vitest'
import { translate } from '#src/adapters/discord/translate.ts'
import { button, byAdministrator, byOwner, channel, message, slash, typing } from './interactions.ts'
import { guild } from './wire.ts'

const read = (raw: unknown) => translate(raw as APIInteraction, (_, user) => user === guild.owner_id)

test('a command comes with its options by name, and the member as Discord says it', () => {
  const options = [
    { type: 3, name: 'service', value: 'api' },
    { type: 4, name: 'replicas', value: 3 },
  ]
  expect(read(slash('scale', options))).toEqual({
    kind: 'command',
    id: '1200000000000000001',
    guild: guild.id,
    channel,
    member: { id: '700000000000000001', name: 'Sam', standing: { roles: ['300000000000000001'], administrator: false } },
    command: 'scale',
    options: { service: 'api', replicas: 3 },
  })
})

test('subcommands and groups are joined with dots', () => {
  const set = { type: 1, name: 'set', options: [{ type: 3, name: 'name', value: 'A' }] }
  expect(read(slash('env', [set]))).toMatchObject({ command: 'env.set', options: { name: 'A' } })
  expect(read(slash('gate', [{ type: 2, name: 'rule', options: [set] }]))).toMatchObject({ command: 'gate.rule.set' })
  expect(read(slash('env', [{ type: 1, name: 'list' }]))).toMatchObject({ command: 'env.list', options: {} })
})

test('what is typed is known by its option', () => {
  const options = [
    { type: 3, name: 'environment', value: 'staging' },
    { type: 4, name: 'replicas', value: '3', focused: true },
  ]
  expect(read(typing('scale', options))).toMatchObject({
    kind: 'autocomplete',
    command: 'scale',
    options: { environment: 'staging', replicas: '3' },
    focused: { name: 'replicas', typed: '3', numeric: true },
  })
})

test('a button comes with its id and its message', () => {
  expect(read(button('signed'))).toMatchObject({ kind: 'button', customId: 'signed', on: { channel, message: message.id } })
})

describe('an administrator is', () => {
  test('the owner of the guild', () => expect(read(slash('x', [], byOwner))?.member.standing.administrator).toBe(true))
  test('whoever has ADMINISTRATOR', () => {
    expect(read(slash('x', [], byAdministrator))?.member).toMatchObject({ name: 'The boss', standing: { administrator: true } })
  })
  test('nobody in a direct message', () => {
    const { member: _, guild_id: __, ...direct } = slash('x')
    expect(read({ ...direct, user: { id: guild.owner_id, username: 'boss', global_name: null } })).toMatchObject({
      guild: undefined,
      member: { name: 'boss', standing: { roles: [], administrator: false } },
    })
  })
})

test.each([
  ['a user command', slash('x', [], { data: { id: '1', name: 'x', type: 2, target_id: '1' } })],
  ['a select menu', { ...button('x'), data: { component_type: 3, custom_id: 'x', values: [] } }],
  ['a modal', { ...slash('x'), type: 5, data: { custom_id: 'x', components: [] } }],
])('%s is none of ours', (_, raw) => expect(read(raw)).toBeUndefined())
