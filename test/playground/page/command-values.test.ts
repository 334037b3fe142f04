import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatCommandLine, parseCommandLine } from '#playground/page/commands/command-line.ts'
import { leavesOf, matchingLeaves } from '#playground/page/commands/leaf.ts'
import { itemsFor, nextRequired, remainingOptions } from '#playground/page/commands/option-items.ts'
import { problemsOf, toOptions } from '#playground/page/commands/values.ts'
import { type ApplicationCommand, type CommandOption, optionTypes } from '#playground/page/wire.ts'

const option = (name: string, type: number, more: Partial<CommandOption> = {}): CommandOption => ({
  name,
  type,
  description: `the ${name}`,
  ...more,
})
const command = (name: string, options: readonly CommandOption[]): ApplicationCommand => {
  return { id: '1', application_id: '2', version: '3', type: 1, name, description: `Does ${name}`, options }
}
const scale = command('scale', [
  option('service', optionTypes.string, { required: true, autocomplete: true }),
  option('replicas', optionTypes.integer, { required: true, min_value: 1, max_value: 20 }),
  option('dry-run', optionTypes.boolean),
  option('window', optionTypes.string, { choices: [{ name: '1 hour', value: '1h' }] }),
])
const stack = command('stack', [
  option('up', optionTypes.subcommand, { options: [option('name', optionTypes.string)] }),
  option('links', optionTypes.group, {
    options: [option('add', optionTypes.subcommand, { options: [option('name', optionTypes.string)] })],
  }),
])
const leaves = leavesOf([stack, scale, { ...scale, type: 2, name: 'a menu' }])
const leaf = (name: string) => leaves.find((one) => one.name === name)!

describe('the picker', () => {
  test('offers what can be run: subcommands, not what holds them, and no menus', () => {
    expect(leaves.map(({ name }) => name)).toEqual(['scale', 'stack links add', 'stack up'])
  })

  test('finds by beginning first, then by any part of name and description', () => {
    expect(matchingLeaves(leaves, 's').map(({ name }) => name)).toEqual(['scale', 'stack links add', 'stack up'])
    expect(matchingLeaves(leaves, 'up').map(({ name }) => name)).toEqual(['stack up'])
    expect(matchingLeaves(leaves, 'does scale').map(({ name }) => name)).toEqual(['scale'])
    expect(matchingLeaves(leaves, 'nothing')).toEqual([])
  })
})

describe('before sending', () => {
  test('required options are asked for, numbers and choices are checked', () => {
    expect(problemsOf(leaf('scale'), {})).toEqual([
      { option: 'service', problem: 'This option is required.' },
      { option: 'replicas', problem: 'This option is required.' },
    ])
    const typed = { service: { text: 'x' }, replicas: { text: '99' }, 'dry-run': { text: 'maybe' }, window: { text: '2h' } }
    expect(problemsOf(leaf('scale'), typed)).toEqual([
      { option: 'replicas', problem: 'At most 20.' },
      { option: 'dry-run', problem: 'Enter True or False.' },
      { option: 'window', problem: 'Pick one from the list.' },
    ])
    expect(problemsOf(leaf('scale'), { service: { text: 'x' }, replicas: { text: '2.5' } })).toEqual([
      { option: 'replicas', problem: 'Enter a whole number.' },
    ])
  })

  test('what was picked is sent by its value, what was typed by its type', () => {
    const draft = {
      service: { text: 'Voice', picked: 'voice-processor' },
      replicas: { text: '3' },
      'dry-run': { text: 'true' },
      window: { text: '1 HOUR' },
    }
    expect(problemsOf(leaf('scale'), draft)).toEqual([])
    expect(toOptions(leaf('scale'), draft)).toEqual([
      { type: 3, name: 'service', value: 'voice-processor' },
      { type: 4, name: 'replicas', value: 3 },
      { type: 5, name: 'dry-run', value: true },
      { type: 3, name: 'window', value: '1h' },
    ])
  })

  test('subcommands and groups are wrapped as Discord does', () => {
    expect(toOptions(leaf('stack up'), { name: { text: 'a' } })).toEqual([
      { type: 1, name: 'up', options: [{ type: 3, name: 'name', value: 'a' }] },
    ])
    expect(toOptions(leaf('stack links add'), {})).toEqual([{ type: 2, name: 'links', options: [{ type: 1, name: 'add', options: [] }] }])
  })

  test('autocomplete sends the focused option as typed, and leaves out what cannot be read yet', () => {
    expect(toOptions(leaf('scale'), { service: { text: 'voi' }, replicas: { text: 'x' } }, 'service')).toEqual([
      { type: 3, name: 'service', value: 'voi', focused: true },
    ])
  })
})

describe('options are offered', () => {
  const directory = { users: [{ id: '1', name: 'Ada' }], roles: [{ id: '2', name: 'Admin' }], channels: [{ id: '3', name: 'ops' }] }

  test('booleans, choices and members as lists; free text not', () => {
    expect(itemsFor(option('b', optionTypes.boolean), undefined, directory)?.map(({ label }) => label)).toEqual(['True', 'False'])
    expect(itemsFor(option('m', optionTypes.mentionable), { text: 'ad' }, directory)?.map(({ label }) => label)).toEqual(['@Ada', '@Admin'])
    expect(itemsFor(option('s', optionTypes.string), undefined, directory)).toBeUndefined()
  })

  test('the next required one that is empty comes first, then the optional ones', () => {
    expect(nextRequired(leaf('scale'), { service: { text: 'x' } })).toBe('replicas')
    expect(nextRequired(leaf('scale'), { service: { text: 'x' }, replicas: { text: '1' } })).toBeUndefined()
    expect(remainingOptions(leaf('scale'), ['service', 'replicas'], 'dry').map(({ name }) => name)).toEqual(['dry-run'])
  })
})

describe('a command line typed or pasted', () => {
  test('the longest name counts, and loose text is the first option', () => {
    expect(parseCommandLine('/stack up name: web', leaves)).toEqual({ leaf: leaf('stack up'), draft: { name: { text: 'web' } } })
    expect(parseCommandLine('/scale voice replicas:3', leaves)?.draft).toEqual({ service: { text: 'voice' }, replicas: { text: '3' } })
    expect(parseCommandLine('/scaled', leaves)).toBeUndefined()
    expect(parseCommandLine('scale', leaves)).toBeUndefined()
  })

  test('what is left with Escape is read again as it was', () => {
    const word = fc.stringMatching(/^[a-z0-9][a-z0-9 -]{0,20}[a-z0-9]$/)
    fc.assert(
      fc.property(fc.record({ service: word, replicas: word, window: word }, { requiredKeys: [] }), (values) => {
        const draft = Object.fromEntries(Object.entries(values).map(([name, text]) => [name, { text }]))
        expect(parseCommandLine(formatCommandLine(leaf('scale'), draft), leaves)?.draft).toEqual(draft)
      }),
    )
  })
})
