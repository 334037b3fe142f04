import { describe, expect, test } from 'vitest'
import { optional } from '#src/kernel/argument.ts'
import { commit } from '#src/kernel/arguments/commit.ts'
import { environment } from '#src/kernel/arguments/environment.ts'
import { flag } from '#src/kernel/arguments/flag.ts'
import { integer } from '#src/kernel/arguments/integer.ts'
import { service } from '#src/kernel/arguments/service.ts'
import { text } from '#src/kernel/arguments/text.ts'
import { parseSaying } from '#src/kernel/saying.ts'

const given = { service: service('s'), environment: environment(), commit: optional(commit('c')), quiet: flag('q') }

describe('a saying', () => {
  test('is taken apart', () => {
    expect(parseSaying('(roll back|undo) {service} [in {environment}]', given)).toEqual([
      {
        kind: 'choice',
        mayBeLeftOut: false,
        branches: [
          [
            { kind: 'word', word: 'roll' },
            { kind: 'word', word: 'back' },
          ],
          [{ kind: 'word', word: 'undo' }],
        ],
      },
      { kind: 'slot', argument: 'service' },
      {
        kind: 'choice',
        mayBeLeftOut: true,
        branches: [
          [
            { kind: 'word', word: 'in' },
            { kind: 'slot', argument: 'environment' },
          ],
        ],
      },
    ])
  })
  test('may nest, and name an argument in each branch', () =>
    expect(() => parseSaying('deploy ({service} [[right] now]|the {service} app)', given)).not.toThrow())

  test.each([
    ['', 'is empty'],
    ['deploy (', 'lacks )'],
    ['deploy [now', 'lacks ]'],
    ['deploy (a]', 'has a ] that nothing opened'],
    ['deploy {service})', 'has a ) that nothing opened'],
    ['deploy {service} | x', 'has a | that nothing opened'],
    ['deploy (a||b) {service}', 'has an empty choice'],
    ['deploy [] {service}', 'has an empty choice'],
    ['Deploy {service}', 'only words in lower case'],
    ['deploy {service}!', 'only words in lower case'],
    ['what’s {service}', 'only words in lower case'],
    ['deploy {serivce}', 'names {serivce}, which is no argument'],
    ['deploy {constructor}', 'names {constructor}, which is no argument'],
    ['deploy {service} at {commit}', 'names {commit}, which cannot be said'],
    ['deploy {quiet} {service}', 'names {quiet}, which cannot be said'],
    ['{service}', 'has no word that is always said'],
    ['[deploy] {service}', 'has no word that is always said'],
    ['(deploy|{environment}) {service}', 'has no word that is always said'],
    ['deploy [{service}]', 'can leave out {service}, which the command needs'],
    ['deploy ({service}|it)', 'can leave out {service}, which the command needs'],
    ['deploy {service} [like {service}]', 'can name {service} twice'],
  ])('“%s” is refused', (template, why) => expect(() => parseSaying(template, given)).toThrow(why))

  test('has a free text only as its end', () => {
    const told = { agent: integer('n', { min: 1, max: 9 }), command: text('c') }
    expect(() => parseSaying('tell {agent} to {command}', told)).not.toThrow()
    expect(() => parseSaying('do {command} with {agent}', told)).toThrow('a text that is not its end')
    expect(() => parseSaying('tell {agent} (to {command}|about {command})', told)).toThrow('a text that is not its end')
  })
})
