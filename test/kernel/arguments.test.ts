import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Reading } from '#src/kernel/argument.ts'
import { optional } from '#src/kernel/argument.ts'
import { agent } from '#src/kernel/arguments/agent.ts'
import { choice } from '#src/kernel/arguments/choice.ts'
import { commandName } from '#src/kernel/arguments/command-name.ts'
import { commit } from '#src/kernel/arguments/commit.ts'
import { deployment } from '#src/kernel/arguments/deployment.ts'
import { duration, parseDuration, sayDuration } from '#src/kernel/arguments/duration.ts'
import { environment } from '#src/kernel/arguments/environment.ts'
import { findNamed } from '#src/kernel/arguments/find-named.ts'
import { flag } from '#src/kernel/arguments/flag.ts'
import { integer } from '#src/kernel/arguments/integer.ts'
import { nearest, ranked } from '#src/kernel/arguments/nearest.ts'
import { policy } from '#src/kernel/arguments/policy.ts'
import { service } from '#src/kernel/arguments/service.ts'
import { text } from '#src/kernel/arguments/text.ts'
import { timeZone } from '#src/kernel/arguments/time-zone.ts'
import { values } from '#src/kernel/arguments/values.ts'
import { isAutomatable } from '#src/kernel/automatable.ts'
import type { CommandBook } from '#src/kernel/command-book.ts'
import type { DeploymentRef, Directory } from '#src/kernel/directory.ts'
import { UserError } from '#src/kernel/errors.ts'

const production = { id: 'e1', name: 'production' }
const staging = { id: 'e2', name: 'staging' }
const inProduction = ['web-socket', 'voice-processor', 'voice-recorder'].map((name, index) => ({ id: `s${index}`, name }))
const deployed: readonly DeploymentRef[] = ['a', 'b'].map((letter, index) => ({
  id: `${letter}0000000-1111-2222-3333-444444444444`,
  status: index === 0 ? 'SUCCESS' : 'REMOVED',
  createdAt: new Date('2026-11-21T06:00:00Z'),
  commit: letter.repeat(40),
  message: `commit ${letter}`,
  image: undefined,
  canRollback: index === 1,
  canRedeploy: true,
}))
const directory: Directory = {
  environments: async () => [production, staging],
  services: async ({ environment }) => (environment === 'e1' ? inProduction : [{ id: 's9', name: 'preview' }]),
  deployments: async () => deployed,
  agents: async () => [
    { id: 'kael', name: 'Kael the Just' },
    { id: 'lumina-2', name: 'Lumina' },
  ],
  incidents: async () => [],
  alertRules: async () => [],
  policies: async (_, kind) => (kind === 'heal' ? ['web-socket-health', 'workers'] : ['web-load']),
  rules: async () => [{ id: 'r1', name: 'scale-web' }],
  commits: async () => [{ sha: 'c'.repeat(40), message: 'newer', environment: 'staging' }],
}
const reading = (raw: Reading['raw'] = {}): Reading => ({
  command: 'deploy',
  place: { guild: 'g', project: 'p', environment: 'e1' },
  directory,
  raw,
})

describe('a service', () => {
  const argument = service('the service')
  test.each(['web-socket', 'Web Socket', 'WEBSOCKET', 's0'])('is found as “%s”', async (typed) => {
    expect(await argument.read(typed, reading())).toEqual(inProduction[0])
  })
  test('that is unknown is answered with the nearest names', async () => {
    await expect(argument.read('voice-procesor', reading())).rejects.toThrow('Did you mean voice-processor')
    await expect(argument.read('voice-procesor', reading())).rejects.toThrow('nothing was done')
  })
  test('that is in another environment is asked about, with a button that keeps the other options', async () => {
    const error = await argument.read('preview', reading({ service: 'preview', commit: 'abc' })).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(UserError)
    expect((error as UserError).message).toContain('not in production, but it is in staging')
    expect((error as UserError).actions).toEqual([
      { label: 'Use staging', command: 'deploy', arguments: { service: 'preview', commit: 'abc', environment: 'staging' } },
    ])
  })
  test('is suggested by its beginning first, and then by what it contains', async () => {
    expect((await argument.suggest!('re', reading())).map(({ value }) => value)).toEqual(['voice-recorder'])
    expect((await argument.suggest!('voice', reading())).map(({ value }) => value)).toEqual(['voice-processor', 'voice-recorder'])
  })
})

describe('an environment', () => {
  test('is the place’s own where none is named', async () => expect(await environment().read(undefined, reading())).toBeUndefined())
  test('is found by name', async () => expect(await environment().read('Staging', reading())).toEqual(staging))
  test('that is unknown names those there are', async () => {
    await expect(environment().read('stagin', reading())).rejects.toThrow('nothing was done. Did you mean staging?')
    await expect(environment().read('zzz', reading())).rejects.toThrow('The project has production and staging.')
  })
})

test('of two names that differ in dashes or case alone none is guessed', () => {
  const alike = [
    { id: 'e1', name: 'prod-1' },
    { id: 'e2', name: 'prod1' },
  ]
  expect(findNamed('PROD 1', alike)).toBeUndefined()
  expect(findNamed('prod1', alike)).toBe(alike[1])
  expect(findNamed('e1', alike)).toBe(alike[0])
  expect(findNamed('PROD 1', alike.slice(0, 1))).toBe(alike[0])
  expect(findNamed('--', [{ id: '!', name: '…' }])).toBeUndefined()
})

describe('a deployment', () => {
  const argument = deployment('which', ({ canRollback }) => canRollback)
  const given = reading({ service: 'web-socket' })
  test.each([deployed[1]!.id, 'b0000000', 'bbbbbbb'])('is found as “%s”', async (typed) => {
    expect(await argument.read(typed, given)).toEqual(deployed[1])
  })
  test('is suggested only where it suits', async () => {
    expect((await argument.suggest!('', given)).map(({ value }) => value)).toEqual([deployed[1]!.id])
  })
  test('is offered even if another of its minute reads the same', async () => {
    const twins = ['c0000000', 'c1111111'].map((id) => ({ ...deployed[1]!, id }))
    const among = reading({ service: 'web-socket' })
    const offered = await argument.suggest!('', { ...among, directory: { ...among.directory, deployments: async () => twins } })
    expect(offered.map(({ value }) => value).sort()).toEqual(['c0000000', 'c1111111'])
    for (const { name, value } of offered) expect(name).toMatch(new RegExp(`· \\d{1,2} [A-Z][a-z]{2} \\d\\d:\\d\\d · [A-Z]+ · ${value}`))
  })
  test('that is unknown is refused', async () => await expect(argument.read('ffffffff', given)).rejects.toThrow('nothing was done'))
})

describe('a commit', () => {
  const argument = commit('which')
  const given = reading({ service: 'web-socket' })
  test('is any whole SHA', async () => expect(await argument.read('D'.repeat(40), given)).toBe('d'.repeat(40)))
  test('is completed where it is known', async () => expect(await argument.read('ccccccc', given)).toBe('c'.repeat(40)))
  test.each(['main', 'ddddddd', ''])('is not “%s”', async (typed) => await expect(argument.read(typed, given)).rejects.toThrow(UserError))
})

describe('a whole number', () => {
  const argument = integer('how many', { min: 1, max: 50 })
  test('holds its bounds, whatever is given', () =>
    fc.assert(
      fc.asyncProperty(fc.anything(), async (raw) => {
        const value = await argument.read(raw, reading()).catch((error: unknown) => error)
        if (!(value instanceof UserError)) expect(Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 50).toBe(true)
      }),
    ))
  test('may be said in digits', async () => expect(await argument.read('3', reading())).toBe(3))
})

describe('a command', () => {
  const argument = commandName('which')
  const book = new Map([
    ['deploy', { doors: ['slash'] }],
    ['env.set', { doors: ['slash'] }],
    ['tail.stop', { doors: ['button'] }],
  ]) as unknown as CommandBook
  const given = { ...reading(), book }
  test.each(['env set', '/env set', 'env.set', ' /Env  Set '])('is found as “%s”', async (typed) => {
    expect(await argument.read(typed, given)).toBe('env.set')
  })
  test('is suggested where it can be typed', async () => {
    expect(await argument.suggest!('', given)).toEqual([
      { name: '/deploy', value: 'deploy' },
      { name: '/env set', value: 'env set' },
    ])
  })
  test('that is unknown names the nearest', async () => {
    await expect(argument.read('deplay', given)).rejects.toThrow('There is no command “deplay”. Did you mean /deploy?')
    await expect(argument.read('tail stop', given)).rejects.toThrow('/help alone lists them all')
  })
})

describe('a command that automation may call', () => {
  const argument = commandName('which', { holds: isAutomatable, otherwise: 'is for people only.' })
  const book = new Map([
    ['restart', { doors: ['slash', 'automation'], risk: 'change', change: () => {} }],
    ['health', { doors: ['slash', 'automation'], risk: 'read' }],
    ['env.unset', { doors: ['slash', 'automation'], risk: 'destructive' }],
    ['zapier.rule.add', { doors: ['slash'], risk: 'change' }],
  ]) as unknown as CommandBook
  const given = { ...reading(), book }
  test('is the only one that is suggested', async () => {
    expect((await argument.suggest!('', given)).map(({ value }) => value)).toEqual(['restart', 'health'])
    expect((await argument.suggest!('rest', given)).map(({ name }) => name)).toEqual(['/restart'])
  })
  test.each(['/zapier rule add', 'env.unset'])('is not %s', async (typed) => {
    await expect(argument.read(typed, given)).rejects.toThrow('is for people only.')
  })
  test('that is unknown names the nearest of them', async () => {
    await expect(argument.read('restrat', given)).rejects.toThrow('Did you mean /restart?')
  })
})

describe('a length of time', () => {
  test.each([
    ['15m', 900_000],
    ['2 hours', 7_200_000],
    ['7d', 604_800_000],
    ['90s', 90_000],
  ])('%s', (typed, ms) => expect(parseDuration(typed)).toBe(ms))
  test.each(['', '5', 'm', '-3m', '1.5h', '3 weeks'])('is not “%s”', (typed) => expect(parseDuration(typed)).toBeUndefined())
  test('is refused outside its limits, with both of them named', async () => {
    const argument = duration('window', { minMs: 300_000, maxMs: 604_800_000, common: ['1h'] })
    await expect(argument.read('10d', reading())).rejects.toThrow('from 5 min to 7 d')
  })
  test.each([
    [850, '850 ms'],
    [4_200, '4.2 s'],
    [185_000, '3 min 5 s'],
    [7_200_000, '2 h'],
  ])('%i ms is said as %s', (ms, said) => expect(sayDuration(ms)).toBe(said))
})

describe('names', () => {
  test('nearest never names something else entirely', () => expect(nearest('postgres', ['web', 'voice-processor'])).toEqual([]))
  test('ranked never invents and never repeats', () =>
    fc.assert(
      fc.property(fc.string(), fc.uniqueArray(fc.string({ minLength: 1 })), (typed, names) => {
        const found = ranked(typed, names)
        expect(new Set(found).size).toBe(found.length)
        expect(found.every((name) => names.includes(name))).toBe(true)
      }),
    ))
})

test('whatever a door is given, each argument answers with a value or with a sentence, never with a fault of its own', () =>
  fc.assert(
    fc.asyncProperty(fc.anything({ withNullPrototype: true, withBigInt: true }), async (raw) => {
      const all = [
        service('s'),
        environment(),
        deployment('d'),
        commit('c'),
        commandName('c'),
        integer('n', { min: 1, max: 9 }),
        choice('c', ['a', 'b']),
        text('t'),
        flag('f'),
        duration('d', { minMs: 1, maxMs: 9e9, common: ['1h'] }),
      ]
      for (const argument of all) {
        const error = await argument.read(raw, reading({ service: raw })).then(
          () => undefined,
          (thrown: unknown) => thrown,
        )
        if (error !== undefined) expect(error).toBeInstanceOf(UserError)
      }
    }),
    { numRuns: 500 },
  ))

test('an optional argument that is left out is its default', async () => {
  expect(await optional(integer('n', { min: 1, max: 9 }), 4).read(undefined, reading())).toBe(4)
  expect(await optional(integer('n', { min: 1, max: 9 })).read('', reading())).toBeUndefined()
})

describe('an agent', () => {
  const argument = agent('the agent')
  test.each(['kael', 'Kael the Just', 'KAEL'])('is found as “%s”', async (typed) => {
    expect((await argument.read(typed, reading())).id).toBe('kael')
  })
  test('is suggested by id with its name', async () => {
    expect(await argument.suggest?.('lum', reading())).toEqual([{ name: 'lumina-2 (Lumina)', value: 'lumina-2' }])
  })
  test('that is unknown is answered with the nearest ids', async () => {
    await expect(argument.read('lumina-3', reading())).rejects.toThrow('Did you mean lumina-2?')
    await expect(argument.read('zzzzzzzzzz', reading())).rejects.toThrow('/agents list shows them all.')
  })
})

describe('named values', () => {
  const argument = values('the values')
  test.each([
    ['', {}],
    [
      'depth=3 fast=true on="the logs" who=Kael nothing=null ratio=-0.5',
      { depth: 3, fast: true, on: 'the logs', who: 'Kael', nothing: null, ratio: -0.5 },
    ],
    ['{"of": {"depth": [1, 2]}}', { of: { depth: [1, 2] } }],
    ['user=123456789012345678 far=1e999 near=1e3', { user: '123456789012345678', far: '1e999', near: 1_000 }],
    ['url=https://x.example/?a=b empty=', { url: 'https://x.example/?a=b', empty: '' }],
  ])('%s', async (typed, read) => expect(await argument.read(typed, reading())).toEqual(read))
  test.each(['depth', '{"of":', '[1]', 'a="open', 'a=1 b', '{'.repeat(2_000)])('%s is refused', async (typed) => {
    await expect(argument.read(typed, reading())).rejects.toThrow('Nothing was done')
  })
  test('anything is read or refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 200 }), async (typed) => {
        const read = await argument.read(typed, reading()).catch((error: unknown) => error)
        expect(read instanceof UserError || typeof read === 'object').toBe(true)
      }),
    )
  })
})

test('a policy is offered by its name, of its kind alone', async () => {
  expect((await policy('heal').suggest!('work', reading())).map(({ value }) => value)).toEqual(['workers'])
  expect((await policy('scale').suggest!('', reading())).map(({ value }) => value)).toEqual(['web-load'])
})

test('a time zone is suggested by any part of its name, at most 25', async () => {
  const suggest = async (typed: string) => (await timeZone('zone').suggest!(typed, {} as Reading)).map(({ value }) => value)
  expect(await suggest('berl')).toContain('Europe/Berlin')
  expect((await suggest(''))[0]).toBe('UTC')
  expect(await suggest('europe')).toHaveLength(25)
})
