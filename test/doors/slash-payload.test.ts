import { describe, expect, test } from 'vitest'
import { slashPayload } from '#src/doors/slash-payload.ts'
import { type Argument, optional, type Shape } from '#src/kernel/argument.ts'
import type { Door } from '#src/kernel/call.ts'
import type { Command } from '#src/kernel/command.ts'

const argument = (shape: Shape, more: Partial<Argument<unknown>> = {}): Argument<unknown> => ({
  describe: 'What it is',
  shape,
  required: true,
  read: async (raw) => raw,
  ...more,
})
const run = (args: Record<string, Argument<unknown>> = {}, more: { describe?: string; doors?: readonly Door[] } = {}): Command => ({
  describe: 'Do it',
  role: 'viewer',
  doors: ['slash'],
  answer: 'public',
  arguments: args,
  says: [],
  risk: 'read',
  needs: [],
  run: async () => ({ title: 'T', tone: 'good', sentence: 'S.' }),
  ...more,
})
const change = (args: Record<string, Argument<unknown>> = {}): Command => ({
  describe: 'Change it',
  role: 'deployer',
  doors: ['slash', 'rest'],
  answer: 'public',
  arguments: args,
  says: [],
  risk: 'change',
  change: () => ({ kind: 'restart', service: { id: '1', name: 'api' } }),
})
const book = (commands: Record<string, Command>) => new Map(Object.entries(commands))
const suggest = async () => []

describe('options come from the arguments', () => {
  test('required ones first, each kind with what Discord can check', () => {
    const scale = run({
      region: optional(argument({ type: 'string', choices: ['eu', 'us'] }, { suggest })),
      service: argument({ type: 'string', minLength: 1, maxLength: 64 }, { suggest }),
      replicas: argument({ type: 'integer', min: 0, max: 20 }),
      loud: optional(argument({ type: 'boolean' })),
    })
    expect(slashPayload(book({ scale }))).toEqual([
      {
        type: 1,
        name: 'scale',
        description: 'Do it',
        contexts: [0],
        integration_types: [0],
        options: [
          { type: 3, name: 'service', description: 'What it is', required: true, min_length: 1, max_length: 64, autocomplete: true },
          { type: 4, name: 'replicas', description: 'What it is', required: true, min_value: 0, max_value: 20 },
          {
            type: 3,
            name: 'region',
            description: 'What it is',
            required: false,
            choices: [
              { name: 'eu', value: 'eu' },
              { name: 'us', value: 'us' },
            ],
          },
          { type: 5, name: 'loud', description: 'What it is', required: false },
        ],
      },
    ])
  })

  test('every change has dry-run, and nothing else has', () => {
    const [deploy, status] = slashPayload(book({ deploy: change(), status: run() }))
    expect(deploy!.options).toEqual([{ type: 5, name: 'dry-run', description: 'Say what would happen and do nothing', required: false }])
    expect(status!.options).toEqual([])
  })
})

describe('folders become groups', () => {
  test('env.set is the subcommand set of /env, described by the map or by what it holds', () => {
    const commands = book({ 'env.list': run(), 'env.set': change(), 'gate.rule.add': run() })
    const [env, gate] = slashPayload(commands, { env: 'Variables of a service' })
    expect(env).toMatchObject({ name: 'env', description: 'Variables of a service' })
    expect(env!.options.map(({ type, name }) => `${type} ${name}`)).toEqual(['1 list', '1 set'])
    expect(env!.options[1]!.options).toMatchObject([{ name: 'dry-run' }])
    expect(gate).toMatchObject({
      description: 'rule',
      options: [{ type: 2, name: 'rule', description: 'add', options: [{ type: 1, name: 'add', description: 'Do it' }] }],
    })
  })

  test('commands without the slash door are left out, and so are folders that hold no other', () => {
    expect(slashPayload(book({ 'internal.tick': run({}, { doors: ['automation'] }), status: run() })).map(({ name }) => name)).toEqual([
      'status',
    ])
  })
})

describe('what Discord would refuse is refused with the name of the file', () => {
  const options = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`o${at}`, argument({ type: 'boolean' })]))
  test.each<[string, Record<string, Command>, string]>([
    [
      'a parent that is a command as well',
      { env: run(), 'env.set': run() },
      'commands/env.ts: a command with subcommands cannot be called',
    ],
    ['the same in the other order', { 'env.set': run(), env: run() }, 'commands/env.ts: a command with subcommands cannot be called'],
    ['a fourth level', { 'a.b.c.d': run() }, 'commands/a/b/c/d.ts: Discord takes'],
    ['a name with capitals', { Deploy: run() }, 'commands/Deploy.ts: "Deploy" is no name'],
    [
      'an option with a name that is too long',
      { deploy: run({ ['x'.repeat(33)]: argument({ type: 'boolean' }) }) },
      'commands/deploy.ts: "xxx',
    ],
    [
      'a description that is too long',
      { deploy: run({}, { describe: 'x'.repeat(101) }) },
      'commands/deploy.ts: the description of "deploy" has 101',
    ],
    ['an empty description', { 'env.set': run({}, { describe: '' }) }, 'commands/env/set.ts: the description of "set" has 0'],
    ['26 options', { deploy: run(options(26)) }, 'commands/deploy.ts: "deploy" has 26 options'],
    [
      '26 choices',
      { deploy: run({ size: argument({ type: 'string', choices: Array.from({ length: 26 }, (_, at) => `c${at}`) }) }) },
      'commands/deploy.ts: "size" has 26 choices',
    ],
    ['an own dry-run', { deploy: change({ 'dry-run': argument({ type: 'boolean' }) }) }, 'commands/deploy.ts: dry-run comes by itself'],
    [
      'more than 8000 characters',
      {
        deploy: run(
          Object.fromEntries(
            Array.from({ length: 3 }, (_, at) => [
              `o${at}`,
              argument({ type: 'string', choices: Array.from({ length: 25 }, (_, choice) => `${choice}`.padEnd(100, 'x')) }),
            ]),
          ),
        ),
      },
      'commands/deploy.ts: names, descriptions and choices have 15',
    ],
    ['101 commands', Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`c${at}`, run()])), 'Discord takes 100 commands'],
  ])('%s', (_, commands, message) => expect(() => slashPayload(book(commands))).toThrow(message))
})
